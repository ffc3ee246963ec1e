/** Results by key for a limited time in limited memory. Keys that were used lately stay: a cheap approximation of least recently used. */

export interface Expiring {
  /** performance.now() from which on it does not count. */
  readonly expires: number;
  /** About how many characters key and result are. */
  readonly weight: number;
}

/**
 * Two generations: what is found in the old one moves to the young one; when the young one is full it becomes the old one and what is still in the old one
 * is forgotten. At most 2 × `entries` results and 2 × `characters` of weight are kept, and a hit costs one look-up.
 */
export class ResultCache<T extends Expiring> {
  private young = new Map<string, T>();
  private old = new Map<string, T>();
  private weight = 0;

  constructor(private readonly entries = 10_000, private readonly characters = 8_000_000) {}

  get(key: string, now: number): T | undefined {
    let result = this.young.get(key);
    if (result === undefined) {
      result = this.old.get(key);
      if (result === undefined) return undefined;
      this.old.delete(key);
      if (result.expires > now) this.set(key, result);
      return result.expires > now ? result : undefined;
    }
    if (result.expires > now) return result;
    this.young.delete(key);
    return undefined;
  }

  /** What is heavier than a tenth of all is not kept. */
  set(key: string, result: T): void {
    const { weight } = result;
    if (weight > this.characters / 10) return;
    if (this.young.size >= this.entries || this.weight + weight > this.characters) {
      this.old = this.young;
      this.young = new Map();
      this.weight = 0;
    }
    this.weight += weight;
    this.young.set(key, result);
  }

  get size(): number { return this.young.size + this.old.size; }
}
