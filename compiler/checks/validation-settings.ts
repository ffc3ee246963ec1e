/** `x-gwc-validation` at the root and at an operation. Values that are none have been reported by the check of all fields. */
import type { Node } from '../1-load/node.js';
import type { Flavour } from '../ir.js';

export type Mode = 'off' | 'report' | 'enforce';
export interface ValidationSettings {
  /** undefined: not said. */
  readonly request: Mode | undefined;
  readonly response: Mode;
  readonly errors: 'aws' | 'problem';
}

const MODES: readonly string[] = ['off', 'report', 'enforce'];

/** The operation's own settings over the root's over the defaults: responses off, answers in the flavour's own form. */
export function validationSettings(root: Node, operation: Node, flavour: Flavour): ValidationSettings {
  const said = (field: string, allowed: readonly string[]): string | undefined => {
    for (const holder of [operation, root]) {
      const value = holder.get('x-gwc-validation')?.string(field);
      if (value !== undefined && allowed.includes(value)) return value;
    }
    return undefined;
  };
  return {
    request: said('request', MODES) as Mode | undefined,
    response: (said('response', MODES) as Mode | undefined) ?? 'off',
    errors: (said('errors', ['aws', 'problem']) as 'aws' | 'problem' | undefined) ?? (flavour === 'rest' ? 'aws' : 'problem'),
  };
}
