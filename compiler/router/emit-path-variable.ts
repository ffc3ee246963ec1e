import { code, helper, type Code } from '../code.js';
import type { Flavour, PathTemplate } from '../ir.js';
import { byteText, mixedForms } from './match-mixed.js';
import { wireForms } from './path-bytes.js';
import { routeSegments } from './route-tree.js';

const readers = helper<typeof import('../../runtime/integration/path-variable.js')>();
const READERS = {
  http: { segment: readers('integration/path-variable', 'pathSegment'), rest: readers('integration/path-variable', 'pathRest'), mixed: readers('integration/path-variable', 'mixedPathVariable') },
  rest: { segment: readers('integration/path-variable', 'lenientPathSegment'), rest: readers('integration/path-variable', 'lenientPathRest'), mixed: readers('integration/path-variable', 'lenientMixedPathVariable') },
};

/** The expression (a `string`) that reads variable `name` of a path that matched `path`; undefined when the path has no such variable. */
export function emitPathVariable(path: PathTemplate, name: string, flavour: Flavour): Code | undefined {
  const reader = READERS[flavour];
  // Literal segments at the start have a known length; from the first other one on, slashes are counted.
  let constant = 1;
  let skip = 0;
  for (const segment of routeSegments(path, flavour)) {
    const from = code`exchange, ${constant}, ${skip}`;
    switch (segment.kind) {
      case 'variable':
        if (segment.name === name) return code`${reader.segment}(${from})`;
        break;
      case 'greedy':
        if (segment.name === name) return code`${reader.rest}(${from})`;
        break;
      case 'mixed': {
        const index = segment.parts.filter((part) => typeof part !== 'string').findIndex((part) => (part as { name: string }).name === name);
        if (index >= 0) {
          const forms = mixedForms(segment).map(({ prefix, between, suffix }) => [prefix, ...between, suffix].map(byteText));
          return code`${reader.mixed}(${from}, ${forms}, ${index})`;
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
