import { code, EMPTY, identifier, join, type Code } from '../code.js';
import { type Emission, HELPERS, Position } from './emission.js';
import { byteText } from './emit-mixed.js';
import { continues, declareFunction, emitAfter } from './emit-node.js';
import type { Literal } from './emit-statics.js';
import type { MethodMap } from './route-tree.js';

/** More literal children than this go through a table. */
export const WIDE = Number(process.env.WIDE ?? 64);
/** Cases of one switch: large functions are refused by optimising compilers. */
const CHUNK = 64;

/**
 * Very many literals: a hash table gives the literal's number. Literals at which routes only end are numbered last, their routes
 * come from a second table, so that ten thousand flat routes are data instead of code.
 */
export function emitTable(literals: readonly Literal[], at: Position, emission: Emission): Code {
  const inner = literals.filter(({ node }) => continues(node));
  const leaves = literals.filter(({ node }) => !continues(node));
  const table = emission.names.next('SEGMENTS');
  const text = [...inner, ...leaves].map(({ bytes }) => byteText(bytes)).join('/');
  emission.declarations.push(code`const ${table} = /* @__PURE__ */ ${HELPERS.segmentTable}(${text});`);
  const number = emission.names.next('number');
  const parts = [code`const ${number} = ${HELPERS.findSegment}(${table}, target, ${at.code}, end);`];
  if (inner.length > 0) parts.push(emitInner(inner, number, at, emission));
  if (leaves.length > 0) parts.push(emitLeaves(leaves, inner.length, table, number, at, emission));
  return join(parts, '\n');
}

function emitInner(inner: readonly Literal[], number: Code, at: Position, emission: Emission): Code {
  if (inner.length <= CHUNK) return emitSwitch(inner, 0, number, at, emission);
  const cases: Code[] = [];
  for (let first = 0; first < inner.length; first += CHUNK) {
    const name = emission.names.next('route');
    const chunk = inner.slice(first, first + CHUNK);
    declareFunction(name, emitSwitch(chunk, first, identifier('number'), new Position(identifier('at')), emission), emission, code`, number: number`);
    const found = emission.names.next('found');
    cases.push(code`case ${first / CHUNK}: {\nconst ${found} = ${name}(target, ${at.code}, end, method, ${number});\nif (${found} >= 0) return ${found};\nbreak;\n}`);
  }
  return code`switch (${number} >> ${Math.log2(CHUNK)}) {\n${join(cases, '\n')}\n}`;
}

function emitSwitch(literals: readonly Literal[], first: number, number: Code, at: Position, emission: Emission): Code {
  const cases = literals.map(({ bytes, node }, index) => code`case ${first + index}: {\n${emitAfter(node, at.plus(bytes.length), emission)}\nbreak;\n}`);
  return code`switch (${number}) {\n${join(cases, '\n')}\n}`;
}

/** The last segment is a leaf: its routes by method, 0 = none, else the route's index + 1. */
function emitLeaves(leaves: readonly Literal[], first: number, table: Code, number: Code, at: Position, emission: Emission): Code {
  const columns = [...new Set(leaves.flatMap(({ node }) => [...node.routes.keys()].filter((method) => method !== 'ANY').map((method) => emission.methods.get(method)!)))].sort((a, b) => a - b);
  const hasAny = leaves.some(({ node }) => node.routes.has('ANY'));
  const width = columns.length + (hasAny ? 1 : 0);
  const numbers = leaves.flatMap(({ node }) => {
    const row = columns.map((column) => routeOf(node.routes, column, emission) + 1);
    return hasAny ? [(node.routes.get('ANY') ?? -1) + 1, ...row] : row;
  });
  const data = emission.names.next('LEAVES');
  emission.declarations.push(code`const ${data} = /* @__PURE__ */ new Int32Array(${numbers});`);
  const column = columns.map((method, index) => code`method === ${method} ? ${index + (hasAny ? 1 : 0)} : `);
  const found = emission.names.next('found');
  const columnName = emission.names.next('column');
  const rest = at.offset === 0 ? code`end - ${at.code}` : code`end - (${at.code})`;
  const lookup = code`const ${found} = ${data}[(${number} - ${first}) * ${width} + ${columnName}]! - 1;\nif (${found} >= 0) return ${found};`;
  return code`if (${number} >= ${first} && ${table}.starts[${number} + 1]! - ${table}.starts[${number}]! === ${rest}) {
const ${columnName} = ${column.length === 0 ? EMPTY : join(column, '\n')}${hasAny ? 0 : -1};
${hasAny ? lookup : code`if (${columnName} >= 0) {\n${lookup}\n}`}
}`;
}

function routeOf(routes: MethodMap, number: number, emission: Emission): number {
  for (const [method, route] of routes) if (method !== 'ANY' && emission.methods.get(method) === number) return route;
  return routes.get('ANY') ?? -1;
}
