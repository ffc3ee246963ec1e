/** Fields over a flat `[name, value…]` list, as node:http and node:http2 give them. */
import type { Fields } from '../exchange.js';

export class FlatFields implements Fields {
  constructor(readonly flat: readonly string[]) {}

  get(name: string): string | undefined {
    const { flat } = this;
    for (let i = 0; i < flat.length; i += 2) if (isNamed(flat[i]!, name)) return flat[i + 1];
    return undefined;
  }

  last(name: string): string | undefined {
    const { flat } = this;
    for (let i = flat.length - 2; i >= 0; i -= 2) if (isNamed(flat[i]!, name)) return flat[i + 1];
    return undefined;
  }

  all(name: string): string[] {
    const values: string[] = [];
    const { flat } = this;
    for (let i = 0; i < flat.length; i += 2) if (isNamed(flat[i]!, name)) values.push(flat[i + 1]!);
    return values;
  }

  forEach(visit: (name: string, value: string) => void): void {
    const { flat } = this;
    for (let i = 0; i < flat.length; i += 2) visit(flat[i]!, flat[i + 1]!);
  }
}

/** `lower` is lower case already. */
function isNamed(name: string, lower: string): boolean {
  return name.length === lower.length && name.toLowerCase() === lower;
}
