/** The written corpus (fixtures/vtl/corpus): one template per line, `⏎` stands for a line feed and `⇥` for a tab. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readJson } from '../../../runtime/vtl/json-reader.js';
import type { TemplateScope } from '../../../runtime/vtl/scope.js';
import type { JavaMap } from '../../../runtime/vtl/values.js';
import type { Dialect } from '../dialect.js';
import { scopeFromJson } from '../scope-from-json.js';

const folder = new URL('../../../../fixtures/vtl/corpus/', import.meta.url);
export const CORPUS = fileURLToPath(folder);

/** What every template of the corpus sees. */
export const BODY = '{"a":"A","b":{"c":[1,2.5,null]},"list":["x","y"],"s":"it\'s \\"quoted\\"","n":null,"t":true}';
export const PARAMS = { path: { id: '42' }, querystring: { q: 'search', id: 'not this' }, header: { H: 'h', Accept: 'application/json' } };
export const CONTEXT = {
  s: 'text', empty: '', mixed: 'MiXed', padded: '  pad ded  ', key: 'k', i: 7, one: 1, zero: 0, neg: -3, l: 5_000_000_000, d: 1.5, dneg: -2.75, e: '@1.25E10', big: '@123456789012345678901234567890', t: true, f: false, nothing: null,
  u: 'ü€𝄞', quotes: `it's "quoted" \\'x\\'`, path: '/a/b\\c', csv: 'a,b, c,,', multi: 'line One\nline 2\r\nthird  line',
  list: ['a', 'b', 'c'], nested: [[1, 2], [3]], emptyList: [], map: { a: 'A', b: { c: 'C' } }, emptyMap: {},
  people: [{ name: 'Ann', age: 31, tags: ['x', 'yz'] }, { name: 'Bob', age: 28, tags: [] }],
};

export interface CorpusCase { readonly file: string; readonly line: number; readonly template: string }

export function corpus(): CorpusCase[] {
  return readdirSync(folder).filter((name) => name.endsWith('.txt')).sort().flatMap((file) => readFileSync(new URL(file, folder), 'utf8').split('\n')
    .map((text, index) => ({ file, line: index + 1, template: text.replaceAll('⏎', '\n').replaceAll('⇥', '\t') }))
    .filter(({ template }) => template !== ''));
}

/** The context as JSON text: with numbers that JavaScript would write otherwise. */
export const CONTEXT_JSON = JSON.stringify(CONTEXT).replace(/"@([^"]*)"/g, '$1');

/** The variables of a case as the driver reads them. */
export const VARIABLES_JSON = `{"context":${CONTEXT_JSON},"input":${JSON.stringify({ body: BODY, params: PARAMS })},"util":{},"stageVariables":{"stage":"test"}}`;

/** The same as a scope of ours. */
export function corpusScope(dialect: Dialect): TemplateScope {
  const scope = scopeFromJson({ body: BODY, params: PARAMS, stageVariables: { stage: 'test' } }, dialect);
  const context = readJson(CONTEXT_JSON, scope.input.lists) as JavaMap;
  return { ...scope, context };
}
