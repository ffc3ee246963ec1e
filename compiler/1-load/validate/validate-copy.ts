/** The part of the validation that takes time: runs in a worker thread, or here when there is none. */
import type { SpecVersion } from '../document.js';
import { normalise } from './normalise.js';
import { parsePointer } from '../node.js';
import { mostSpecific, NO_FORM, type SchemaError } from './most-specific.js';

export interface ValidationJob { readonly text: string; readonly version: SpecVersion }

export interface Finding {
  /** In the user's document (or in the single copy of a document of several files). */
  readonly pointer: string;
  readonly problem: string;
}

export interface Verdict {
  readonly findings: readonly Finding[];
  /** Where there is any fault at all, also those that are no finding because something else says more. */
  readonly faulty: readonly string[];
}

/** What swagger-parser objects to in a JSON text that was made for it. */
export async function validateCopy({ text, version }: ValidationJob): Promise<Verdict> {
  const { default: SwaggerParser } = await import('@apidevtools/swagger-parser');
  const copy = normalise(JSON.parse(text) as { [key: string]: unknown }, version);
  try {
    await SwaggerParser.validate(copy.value as never, {
      resolve: { external: false },
      // Every referenced object is judged where it stands: replacing references would multiply the work and lose the places.
      dereference: { circular: true, excludedPathMatcher: () => true },
      // Operations and parameters are checked by check-operations.ts, for all versions and with positions.
      validate: { schema: true, spec: false },
    });
    return { findings: [], faulty: [] };
  } catch (error) {
    const { details, message } = error as { details?: SchemaError[]; message: string };
    if (!Array.isArray(details)) return { findings: [{ pointer: '', problem: message.split('\n')[0]! }], faulty: [''] };
    return {
      findings: mostSpecific(details).map(({ pointer, problem }) => ({ pointer: copy.original(pointer), problem: problem === NO_FORM ? bothOf(at(copy.value, pointer)) ?? problem : problem })),
      faulty: [...new Set(details.map(({ instancePath }) => instancePath))].map((pointer) => copy.original(pointer)),
    };
  }
}

/** Fields of which an object has one. */
const ALTERNATIVES = [['schema', 'content'], ['example', 'examples'], ['operationRef', 'operationId'], ['identifier', 'url'], ['value', 'externalValue']] as const;

function bothOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const both = ALTERNATIVES.find(([one, other]) => Object.hasOwn(value, one) && Object.hasOwn(value, other));
  return both && `has both '${both[0]}' and '${both[1]}'`;
}

function at(value: unknown, pointer: string): unknown {
  for (const token of parsePointer(pointer)) value = typeof value === 'object' && value !== null ? (value as { [key: string]: unknown })[token] : undefined;
  return value;
}
