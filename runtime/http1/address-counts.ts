import type { Limits } from './limits.js';

/** Open connections per remote address. */
export class AddressCounts {
  readonly #counts = new Map<string, number>();

  readonly #limits: Limits;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** `by` 1: one more; false when that is one too many. It counts until it is taken off (-1) all the same. */
  change(address: string, by: 1 | -1): boolean {
    const count = (this.#counts.get(address) ?? 0) + by;
    if (count > 0) this.#counts.set(address, count);
    else this.#counts.delete(address);
    return count <= this.#limits.connectionsPerAddress || this.#limits.proxies?.trusts(address) === true;
  }
}
