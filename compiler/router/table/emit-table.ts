import { code, helper, type Code } from '../../code.js';
import type { Flavour } from '../../ir.js';
import type { RouteNode } from '../route-tree.js';
import { buildTable } from './build-table.js';

const table = helper<typeof import('../../../runtime/route-table.js')>();
const pathMatch = helper<typeof import('../../../runtime/path-match.js')>();

/** The table's declaration, and for each tree the expression that finds a route from `at`, behind a slash; over `target`, `end` and `method`. */
export function emitTable(trees: readonly RouteNode[], flavour: Flavour, methods: ReadonlyMap<string, number>): { declaration: Code; calls: ((at: Code) => Code)[] } {
  const { words, text, forms, depth, roots } = buildTable(trees, flavour, methods);
  const bytes = Buffer.alloc(words.length * 4);
  words.forEach((word, index) => bytes.writeInt32LE(word, index * 4));
  const mixed = forms.length > 0 ? code`${pathMatch('path-match', 'mixedSegments')}(${forms})` : code`null`;
  return {
    declaration: code`const TABLE = ${table('route-table', 'routeTable')}(${bytes.toString('base64')}, ${text}, ${depth}, ${mixed});`,
    calls: roots.map((root) => (at) => code`${table('route-table', 'findRoute')}(TABLE, ${root}, target, ${at}, end, ${methods.size > 0 ? code`method` : 0})`),
  };
}
