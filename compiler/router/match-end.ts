import { code, EMPTY, join, type Code } from '../code.js';
import { type Block, NOTHING } from './block.js';
import type { Emission, Position } from './emission.js';
import type { MethodMap } from './route-tree.js';

/**
 * The path ends at `at`, or goes on after a slash, if `tests` hold; they are made after the length has been checked, so that no byte
 * behind the path is looked at. `within`: `at` is known not to be past the end.
 */
export function emitAfter(routes: MethodMap, onward: Block, at: Position, tests: readonly Code[], within: boolean, emission: Emission): Code {
  const onEnd = emitRoutes(routes, emission);
  const all = (...conditions: Code[]): Code => join(conditions, ' && ');
  if (onward === NOTHING) return code`if (${all(code`${at.code} === end`, ...tests)}) {\n${onEnd}\n}`;
  const next = onward.emit(at.plus(1), emission);
  const slash = code`${at.byte} === 47`;
  if (routes.size === 0) return code`if (${all(code`${at.code} < end`, ...tests, slash)}) {\n${next}\n}`;
  const both = code`if (${at.code} === end) {\n${onEnd}\n} else if (${slash}) {\n${next}\n}`;
  const first = within ? tests : [code`${at.code} <= end`, ...tests];
  return first.length === 0 ? both : code`if (${all(...first)}) {\n${both}\n}`;
}

/** Returns the route of the request's method; an explicit method wins over ANY. */
export function emitRoutes(routes: MethodMap, emission: Emission): Code {
  const any = routes.get('ANY');
  const explicit = [...routes].filter(([method]) => method !== 'ANY')
    .map(([method, route]) => ({ number: emission.methods.get(method)!, route }))
    .sort((a, b) => a.number - b.number);
  const otherwise = any === undefined ? EMPTY : code`return ${any};`;
  if (explicit.length === 0) return otherwise;
  if (explicit.length === 1) return join([code`if (method === ${explicit[0]!.number}) return ${explicit[0]!.route};`, ...(any === undefined ? [] : [otherwise])], '\n');
  const cases = explicit.map(({ number, route }) => code`case ${number}: return ${route};`);
  if (any !== undefined) cases.push(code`default: return ${any};`);
  return code`switch (method) {\n${join(cases, '\n')}\n}`;
}
