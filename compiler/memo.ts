/** The last result of a pure function of a text, for builds that follow one another. */
export class Memo<Value> {
  private last: { readonly key: string; readonly value: Value } | undefined;

  /** `make` may depend on nothing but what `key` says. */
  of(key: string, make: () => Value): Value {
    if (this.last?.key !== key) this.last = { key, value: make() };
    return this.last!.value;
  }
}
