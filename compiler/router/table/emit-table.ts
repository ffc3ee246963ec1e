import { code, helper, type Code } from '../../code.js';
import type { Flavour } from '../../ir.js';
import type { RouteNode } from '../route-tree.js';
import { buildTable } from './build-table.js';

const table = helper<typeof import('../../../runtime/route-table.js')>();
const pathMatch = helper<typeof import('../../../runtime/path-match.js')>();

/** The table's declaration, and for each tree the expression that finds a route from `at`, behind a slash; over `target`, `end` and `method`. */
export function emitTable(trees: readonly RouteNode[], flavour: Flavour, methods: ReadonlyMap<string, number>): { declaration: Code; calls: ((at: Code) => Code)[] } {
  const { words, texts, forms, depth, roots } = buildTable(trees, flavour, methods);
  const bytes = Buffer.alloc(words.length * 4);
  words.forEach((word, index) => bytes.writeInt32LE(word, index * 4));
  const isText = texts.length > 0 ? code`${pathMatch('path-match', 'foldedTexts')}(${texts})` : code`null`;
  const isMixed = forms.length > 0 ? code`${pathMatch('path-match', 'mixedSegments')}(${forms})` : code`null`;
  return {
    declaration: code`const findRoute = ${table('route-table', 'routeTable')}(${bytes.toString('base64')}, ${depth}, ${isText}, ${isMixed});`,
    calls: roots.map((root) => (at) => code`findRoute(${root}, target, ${at}, end, ${methods.size > 0 ? code`method` : 0})`),
  };
}
