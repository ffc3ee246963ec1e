import { code, helper, identifier, type Code } from '../code.js';
import type { Flavour, PathTemplate } from '../ir.js';
import { byteText, mixedForms } from './match-mixed.js';
import { wireForms } from './path-bytes.js';
import { routeSegments } from './route-tree.js';

const readers = helper<typeof import('../../runtime/path-variable.js')>();
const PATH_SEGMENT = readers('path-variable', 'pathSegment');
const PATH_REST = readers('path-variable', 'pathRest');
const MIXED_PATH_VARIABLE = readers('path-variable', 'mixedPathVariable');
const COLLAPSED_PATH_START = readers('path-variable', 'collapsedPathStart');
const TRIMMED_PATH_END = readers('path-variable', 'trimmedPathEnd');

/** The expression (a `string`) that reads variable `name` of a path that matched `path`; undefined when the path has no such variable. */
export function emitPathVariable(path: PathTemplate, name: string, flavour: Flavour): Code | undefined {
  const exchange = identifier('exchange');
  const start = flavour === 'rest' ? code`${COLLAPSED_PATH_START}(${exchange})` : code`${exchange}.pathStart`;
  // Literal segments at the start have a known length; from the first other one on, slashes are counted.
  let constant = 1;
  let skip = 0;
  for (const segment of routeSegments(path, flavour)) {
    const from = code`${start} + ${constant}, ${skip}`;
    switch (segment.kind) {
      case 'variable':
        if (segment.name === name) return code`${PATH_SEGMENT}(${exchange}, ${from})`;
        break;
      case 'greedy':
        if (segment.name === name) return code`${PATH_REST}(${exchange}, ${from}, ${flavour === 'rest' ? code`${TRIMMED_PATH_END}(${exchange})` : code`${exchange}.pathEnd`})`;
        break;
      case 'mixed': {
        const index = segment.parts.filter((part) => typeof part !== 'string').findIndex((part) => (part as { name: string }).name === name);
        if (index >= 0) {
          const forms = mixedForms(segment).map(({ prefix, between, suffix }) => [prefix, ...between, suffix].map(byteText));
          return code`${MIXED_PATH_VARIABLE}(${exchange}, ${from}, ${forms}, ${index})`;
        }
        break;
      }
    }
    const forms = segment.kind === 'static' ? wireForms(segment.text) : [];
    if (skip === 0 && forms.length === 1) constant += forms[0]!.length + 1;
    else skip++;
  }
  return undefined;
}
