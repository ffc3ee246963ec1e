import { code, EMPTY, join, type Code } from '../code.js';
import { type Emission, HELPERS, Position } from './emission.js';
import { emitMixed, mixedForms } from './emit-mixed.js';
import { emitStatics } from './emit-statics.js';
import { mixedInOrder, type MethodMap, type RouteNode } from './route-tree.js';

/**
 * Statements that match the path from `at`, the start of the node's next segment, against everything below the node. They return
 * the route's index; falling out at the bottom means that nothing matched, so alternatives simply follow one another in the
 * order of precedence: literal, mixed, variable, greedy. That is all there is to backtracking.
 */
export function emitNode(node: RouteNode, at: Position, emission: Emission): Code {
  const parts: Code[] = [emitStatics(node, at, emission)];
  if (node.variable !== undefined || node.mixed.size > 0) {
    const stop = emission.names.next('to');
    parts.push(code`const ${stop} = ${HELPERS.segmentEnd}(target, ${at.code}, end);`);
    for (const { segment, node: next } of mixedInOrder(node)) {
      for (const form of mixedForms(segment)) parts.push(emitMixed(form, at, stop, emitAfter(next, new Position(stop), emission), emission));
    }
    if (node.variable) parts.push(code`if (${stop} > ${at.code}) {\n${emitAfter(node.variable, new Position(stop), emission)}\n}`);
  }
  if (node.greedy.size > 0) parts.push(emitGreedy(node, at, emission));
  return join(parts.filter((part) => !part.isEmpty), '\n');
}

/** Statements for `at` being the end of a matched segment that leads to `node`: the path ends here, or goes on after a slash. */
export function emitAfter(node: RouteNode, at: Position, emission: Emission): Code {
  const onEnd = emitRoutes(node.routes, emission);
  if (!continues(node)) return code`if (${at.code} === end) {\n${onEnd}\n}`;
  const onward = emitCall(node, at.plus(1), emission);
  // Positions never pass `end`, so one comparison tells the two cases apart before the byte is read.
  if (onEnd.isEmpty) return code`if (${at.code} < end && ${at.byte} === 47) {\n${onward}\n}`;
  return code`if (${at.code} === end) {\n${onEnd}\n} else if (${at.byte} === 47) {\n${onward}\n}`;
}

/** The node's statements, inline or as a call of its own function. */
export function emitCall(node: RouteNode, at: Position, emission: Emission): Code {
  if (!emission.split.has(node)) return emitNode(node, at, emission);
  let name = emission.functions.get(node);
  if (!name) {
    name = emission.names.next('route');
    emission.functions.set(node, name);
    declareFunction(name, emitNode(node, new Position(AT), emission), emission);
  }
  const found = emission.names.next('found');
  return code`const ${found} = ${name}(target, ${at.code}, end, method);\nif (${found} >= 0) return ${found};`;
}

const AT = code`at`;

export function declareFunction(name: Code, body: Code, emission: Emission, extra: Code = EMPTY): void {
  emission.declarations.push(code`function ${name}(target: Uint8Array, at: number, end: number, method: number${extra}): number {\n${body}\nreturn -1;\n}`);
}

/** Anything below the node besides routes that end at it. */
export function continues(node: RouteNode): boolean {
  return node.statics.size > 0 || node.mixed.size > 0 || node.variable !== undefined || node.greedy.size > 0;
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

/**
 * A greedy variable takes at least one byte [D]. HTTP API: below the root it also takes the empty rest after a slash, as
 * `GET /metrics/{proxy+}` was seen to answer `/metrics/` [O].
 */
function emitGreedy(node: RouteNode, at: Position, emission: Emission): Code {
  const routes = emitRoutes(node.greedy, emission);
  if (emission.flavour === 'http' && node.depth > 0) return routes;
  return code`if (${at.code} < end) {\n${routes}\n}`;
}
