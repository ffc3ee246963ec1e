import { code, join } from '../code.js';
import { asFunction, Block, enclose, NOTHING, sequence } from './block.js';
import { Position, SEGMENT_END } from './emission.js';
import { emitAfter, emitRoutes } from './match-end.js';
import { literalsOf, matchLiterals } from './match-literals.js';
import { matchMixed, mixedForms } from './match-mixed.js';
import { mixedInOrder, type RouteNode } from './route-tree.js';

/**
 * Matches the path from the start of the node's next segment against everything below the node, in the order of precedence:
 * literal, mixed, variable, greedy.
 */
export function matchNode(node: RouteNode): Block {
  return sequence([matchLiterals(literalsOf(node, (next) => (continues(next) ? matchNode(next) : NOTHING))), matchVariables(node), matchGreedy(node)]);
}

function matchVariables(node: RouteNode): Block {
  const mixed = mixedInOrder(node).flatMap(({ segment, node: next }) => {
    const forms = mixedForms(segment);
    const after = forms.length > 1 ? asFunction(matchAfter(next)) : matchAfter(next);
    return forms.map((form) => ({ form, after }));
  });
  const whole = node.variable && matchAfter(node.variable);
  if (!whole && mixed.length === 0) return NOTHING;
  const own = mixed.reduce((sum, { form }) => sum + 12 * (form.between.length + 2), 6);
  const parts = [...mixed.map(({ after }) => after), ...(whole ? [whole] : [])];
  return enclose(parts, own, (afters, at, emission) => {
    const stop = emission.names.next('to');
    const tried = afters.map((after, index) => {
      const matched = after.emit(new Position(stop), emission);
      const form = mixed[index]?.form;
      return form ? matchMixed(form, at, stop, matched, emission) : code`if (${stop} > ${at.code}) {\n${matched}\n}`;
    });
    return join([code`const ${stop} = ${SEGMENT_END}(target, ${at.code}, end);`, ...tried], '\n');
  });
}

/** From the end of a segment that leads to `node`: the path ends here, or goes on after a slash. */
function matchAfter(node: RouteNode): Block {
  const onward = continues(node) ? matchNode(node) : NOTHING;
  return enclose([onward], node.routes.size + 2, ([next], at, emission) => emitAfter(node.routes, next!, at, [], true, emission));
}

/** Anything below the node besides routes that end at it. */
export function continues(node: RouteNode): boolean {
  return node.statics.size > 0 || node.mixed.size > 0 || node.variable !== undefined || node.greedy.size > 0;
}

/**
 * A greedy variable takes at least one byte [D]. HTTP API: below the root it also takes the empty rest after a slash, as
 * `GET /metrics/{proxy+}` was seen to answer `/metrics/` [O].
 */
function matchGreedy(node: RouteNode): Block {
  if (node.greedy.size === 0) return NOTHING;
  return new Block(node.greedy.size + 1, 0, (at, emission) => {
    const routes = emitRoutes(node.greedy, emission);
    return emission.flavour === 'http' && node.depth > 0 ? routes : code`if (${at.code} < end) {\n${routes}\n}`;
  });
}
