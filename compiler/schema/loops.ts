/** Schemas that lead back to themselves without passing through a property or an item: checking a value would never end. */
import type { Json } from '../code.js';
import type { NamedSchema, Schema } from '../ir.js';
import { referenceName } from './reference-name.js';

const IN_PLACE = ['allOf', 'anyOf', 'oneOf'] as const;
const IN_PLACE_SINGLE = ['not', 'if', 'then', 'else'] as const;

/** Names of schemas that stand on such a loop, one per loop. */
export function emptySchemaLoops(named: ReadonlyMap<string, NamedSchema>): string[] {
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const next = new Map<string, string[]>();
  const edges = (name: string): string[] => {
    let names = next.get(name);
    if (!names) next.set(name, (names = [...inPlaceReferences(named.get(name)?.schema ?? true)]));
    return names;
  };
  for (const start of named.keys()) {
    // Depth first with a stack of our own: a chain of a thousand aliases is no reason to overflow.
    const stack: { name: string; at: number }[] = [{ name: start, at: 0 }];
    if (state.has(start)) continue;
    state.set(start, 'open');
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const target = edges(top.name)[top.at++];
      if (target === undefined) {
        state.set(top.name, 'done');
        stack.pop();
      } else if (state.get(target) === 'open') found.push(target);
      else if (!state.has(target)) {
        state.set(target, 'open');
        stack.push({ name: target, at: 0 });
      }
    }
  }
  return [...new Set(found)];
}

/** Names that apply to the very value `schema` applies to. */
function* inPlaceReferences(schema: Schema): Generator<string> {
  if (typeof schema === 'boolean') return;
  const name = referenceName(schema);
  if (name !== undefined) yield name;
  for (const keyword of IN_PLACE) {
    const list = schema[keyword];
    if (Array.isArray(list)) for (const item of list as readonly Json[]) yield* inPlaceReferences(item as Schema);
  }
  for (const keyword of IN_PLACE_SINGLE) if (schema[keyword] !== undefined) yield* inPlaceReferences(schema[keyword] as Schema);
  const dependent = schema['dependentSchemas'];
  if (typeof dependent === 'object' && dependent !== null) for (const item of Object.values(dependent)) yield* inPlaceReferences(item as Schema);
}
