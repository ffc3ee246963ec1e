import { code, helper } from '../../code.js';
import type { Call, Emission } from '../emission.js';
import type { RouteNode } from '../route-tree.js';
import { buildTable } from './build-table.js';

const table = helper<typeof import('../../../runtime/route-table.js')>();
const pathMatch = helper<typeof import('../../../runtime/path-match.js')>();

/** Declares the table of all trees; returns for each how to find a route in it from a place behind a slash. */
export function emitTable(trees: readonly RouteNode[], emission: Emission): Call[] {
  const { words, texts, forms, depth, roots } = buildTable(trees, emission.flavour, emission.methods);
  const bytes = Buffer.alloc(words.length * 4);
  words.forEach((word, index) => bytes.writeInt32LE(word, index * 4));
  const isText = texts.length > 0 ? code`${pathMatch('path-match', 'foldedTexts')}(${texts})` : code`null`;
  const isMixed = forms.length > 0 ? code`${pathMatch('path-match', 'mixedSegments')}(${forms})` : code`null`;
  const name = emission.names.next('find');
  emission.declarations.push(code`const ${name} = ${table('route-table', 'routeTable')}(${bytes.toString('base64')}, ${depth}, ${isText}, ${isMixed});`);
  return roots.map((root) => (at) => code`${name}(${root}, target, ${at}, end, ${emission.methods.size > 0 ? code`method` : 0})`);
}
