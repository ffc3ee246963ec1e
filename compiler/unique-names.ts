/** Names that are given once: `pet`, then `pet_2`, `pet_3`… In time that does not grow with how many have one base. */
export class UniqueNames {
  private readonly given = new Set<string>();
  /** Base → the number to try next: those below are taken. */
  private readonly next = new Map<string, number>();

  constructor(reserved: Iterable<string> = []) {
    for (const name of reserved) this.given.add(name);
  }

  get taken(): ReadonlySet<string> {
    return this.given;
  }

  take(base: string): string {
    let name = base;
    let number = this.next.get(base) ?? 2;
    if (number > 2) name = `${base}_${number++}`;
    while (this.given.has(name)) name = `${base}_${number++}`;
    this.next.set(base, number);
    this.given.add(name);
    return name;
  }
}
