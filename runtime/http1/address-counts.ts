import type { Limits } from './limits.js';

/** Open connections per remote address. */
export class AddressCounts {
  readonly #counts = new Map<string, number>();

  readonly #limits: Limits;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** One more; false when that is one too many. It counts until `leave` all the same. */
  enter(address: string): boolean {
    if (this.#limits.proxies?.trusts(address) === true) return true;
    const count = (this.#counts.get(address) ?? 0) + 1;
    this.#counts.set(address, count);
    return count <= this.#limits.connectionsPerAddress;
  }

  leave(address: string): void {
    const count = this.#counts.get(address) ?? 0;
    if (count > 1) this.#counts.set(address, count - 1);
    else this.#counts.delete(address);
  }
}
