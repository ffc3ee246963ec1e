/** Open connections per remote address. */
export class AddressCounts {
  private readonly counts = new Map<string, number>();

  constructor(private readonly limit: number) {}

  /** One more; false when that is one too many. It counts until `leave` all the same. */
  enter(address: string): boolean {
    const count = (this.counts.get(address) ?? 0) + 1;
    this.counts.set(address, count);
    return count <= this.limit;
  }

  leave(address: string): void {
    const left = this.counts.get(address)! - 1;
    if (left === 0) this.counts.delete(address);
    else this.counts.set(address, left);
  }
}
