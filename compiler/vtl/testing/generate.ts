/** Random templates from a grammar of the whole language; the same seed gives the same templates. */

/** mulberry32. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export class Generator {
  private readonly next: () => number;
  constructor(seed: number) { this.next = random(seed); }

  private pick<T>(items: readonly T[]): T { return items[Math.floor(this.next() * items.length)]!; }
  private chance(p: number): boolean { return this.next() < p; }
  private many(max: number, make: () => string, separator = ''): string {
    return Array.from({ length: Math.floor(this.next() * (max + 1)) }, make).join(separator);
  }

  /** Mostly well-formed; one in eight has characters lost, doubled or swapped. */
  template(): string {
    let text = this.body(3);
    if (this.chance(0.3)) text = `#macro(m1 $p $q)${this.body(1)}#end${text}`;
    if (this.chance(0.15)) text = `#define($blk)${this.body(1)}#end${text}`;
    if (this.chance(0.125)) text = this.mutate(text);
    return text;
  }

  private mutate(text: string): string {
    let result = text;
    for (let i = 0; i < 2; i++) {
      const at = Math.floor(this.next() * result.length);
      const noise = this.pick(['', '#', '$', '(', ')', '"', "'", '\\', '{', '}', '[', ']', '.', '!', ' ', '\n', '##', '#*', '..', ',', 'x', '1', '-']);
      result = result.slice(0, at) + noise + result.slice(at + (this.chance(0.5) ? 1 : 0));
    }
    return result;
  }

  private body(depth: number): string { return this.many(5, () => this.statement(depth)); }

  private statement(depth: number): string {
    const kind = this.next();
    if (kind < 0.25) return this.text();
    if (kind < 0.5) return this.printed(depth);
    if (kind < 0.65) return this.blanks() + this.set(depth) + this.end();
    if (kind < 0.77 && depth > 0) return this.ifDirective(depth);
    if (kind < 0.87 && depth > 0) return this.foreach(depth);
    if (kind < 0.9) return this.pick(['## note\n', '#* c *#', '#** d *#', '#[[ $raw #if ]]#', '##\n', '#**#']);
    if (kind < 0.92) return this.pick(['#break', '#stop', '#if($b)#break#end', '#foo', '#foo($a)', '#fff', '#1', '#', '$', '$1']);
    if (kind < 0.95) return `#m1(${this.argument(depth)} ${this.argument(depth)})`;
    if (kind < 0.96) return `#@m1(${this.argument(depth)})${depth > 0 ? this.body(depth - 1) : ''}#end`;
    if (kind < 0.98) return this.pick(['$blk', '$!blk', '${blk}', '$bodyContent', '$p', '$!q', '$p.size()']);
    return `#evaluate(${this.pick(['"$a"', "'$a #if($b)x#end'", '$s', '"plain"'])})`;
  }

  private text(): string {
    return this.pick(['a', ' ', '  ', '\n', '\t', '{"k":', '}', ',', 'b c', '.', '..', '-', '!', '(', ')', '[0]', '"', "'", '\\', '\\\\', '\\$a', '\\\\$a', '\\#if', '\\\\#if(true)z#end', '\\#nope', 'é€', '%', '<a href="', 'x\ny', '  \n  ', '\r\n', '1', '$$', 'end', '{', '}']);
  }

  private blanks(): string { return this.chance(0.3) ? this.pick([' ', '  ', '\t', '\n', '\n  ']) : ''; }
  private end(): string { return this.chance(0.4) ? this.pick(['\n', ' \n', '\t\n', ' ', '\n\n', '\r\n']) : ''; }

  private printed(depth: number): string {
    const reference = this.reference(depth);
    const escape = this.chance(0.06) ? this.pick(['\\', '\\\\', '\\\\\\', '$']) : '';
    return escape + reference;
  }

  private name(): string { return this.pick(['a', 'b', 's', 'l', 'm', 'n', 'd', 'x', 'undef', 'context', 'foreach', 'velocityCount']); }

  private reference(depth: number): string {
    const path = this.name() + this.many(2, () => this.step(depth));
    switch (Math.floor(this.next() * 5)) {
      case 0: return `\${${path}}`;
      case 1: return `$!${path}`;
      case 2: return `$!{${path}}`;
      default: return `$${path}`;
    }
  }

  private step(depth: number): string {
    if (this.chance(0.3)) return '.' + this.pick(['s', 'i', 'l', 'd', 't', 'f', 'list', 'map', 'people', 'nothing', 'a', 'b', 'c', 'key', 'index', 'hasNext', 'count', 'class.name', 'name', 'x-y', 'empty']);
    if (this.chance(0.3)) return `[${this.pick(['0', '1', '-1', '"a"', "'k'", '$n', '$s', ' 0 ', '5'])}]`;
    if (depth === 0) return '.size()';
    const argument = (): string => this.value(depth - 1);
    return '.' + this.pick([
      () => 'size()', () => 'length()', () => 'toString()', () => 'isEmpty()', () => `get(${argument()})`, () => `put(${argument()}, ${argument()})`, () => `add(${argument()})`, () => `contains(${argument()})`,
      () => `equals(${argument()})`, () => `substring(${this.pick(['0', '1', '2', '0,1', '9'])})`, () => 'toUpperCase()', () => `replace(${argument()}, ${argument()})`, () => 'keySet()', () => 'values()', () => 'entrySet()',
      () => `indexOf(${argument()})`, () => 'trim()', () => 'intValue()', () => `concat(${argument()})`, () => `split("e")`, () => 'hashCode()', () => `containsKey(${argument()})`, () => `remove(${argument()})`, () => 'nope()',
      () => `replaceAll(${this.pick(['"e"', '"[a-c]"', '"(.)x"', '"\\s"', '"."', '"\\\\."'])}, ${this.pick(['"_"', "'$0'", '""', "'\\\\'"])})`, () => `format("%s|%5s", ${argument()}, ${argument()})`,
      () => `parseInt(${this.pick(['"12"', '"-3"', '$s', '$n'])})`, () => 'doubleValue()', () => 'clear()', () => `set(0, ${argument()})`, () => `addAll(${argument()})`, () => 'iterator().next()', () => `matches("[a-z]+")`,
    ])();
  }

  private set(depth: number): string {
    const target = this.chance(0.8) ? `$${this.pick(['a', 'b', 's', 'l', 'm', 'n', 'd', 'x', 'p'])}` : this.reference(1);
    return this.pick(['#set(', '#set( ', '#{set}(', '#set (']) + target + this.pick(['=', ' = ', ' =']) + this.expression(depth) + this.pick([')', ' )']);
  }

  private expression(depth: number): string {
    if (depth <= 0 || this.chance(0.55)) return this.value(depth);
    switch (Math.floor(this.next() * 6)) {
      case 0: return `(${this.expression(depth - 1)})`;
      case 1: return this.pick(['!', 'not ', '! ']) + this.expression(depth - 1);
      default: {
        const operator = this.pick(['+', '+', '+', '-', '*', '/', '%', '==', '!=', '<', '>', '<=', '>=', '&&', '||', 'and', 'or', 'eq', 'ne', 'lt', 'gt', 'le', 'ge']);
        return `${this.expression(depth - 1)} ${operator} ${this.expression(depth - 1)}`;
      }
    }
  }

  private value(depth: number): string {
    switch (Math.floor(this.next() * 12)) {
      case 0: case 1: return this.reference(Math.max(0, depth - 1));
      case 2: return this.pick(['0', '1', '2', '-5', '42', '2147483647', '-2147483648', '9999999999', '9223372036854775807', '123456789012345678901']);
      case 3: return this.pick(['1.5', '-0.25', '100.0', '1e3', '.5', '2.', '0.1', '1.0E10', '123456.789']);
      case 4: return this.pick(['true', 'false']);
      case 5: return this.pick(["'q'", "'it''s'", "'$a'", "''", "'a b'", "'e'", "'#if'"]);
      case 6: return this.pick(['"s"', '""', '"a""b"', '"e"', '"text"']);
      case 7: return `"${this.many(3, () => this.pick(['x', ' ', '$a', '${s}', '$!undef', '$l', '#if($b)y#end', "'", '$n.toString()', '\n', '##', '#set($z = 1)']))}"`;
      case 8: return depth > 0 ? `[${this.many(3, () => this.value(depth - 1), ', ')}]` : '[]';
      case 9: return depth > 0 ? `{${this.many(2, () => `${this.pick(['"a"', "'k'", '$s', '1'])}: ${this.value(depth - 1)}`, ', ')}}` : '{}';
      case 10: return this.pick(['[1..3]', '[3..1]', '[0..$n]', '[ -1 .. 1 ]']);
      default: return this.reference(0);
    }
  }

  private argument(depth: number): string {
    return this.value(Math.min(1, depth)) + (this.chance(0.1) ? ',' : '');
  }

  private ifDirective(depth: number): string {
    let text = `${this.blanks()}${this.pick(['#if(', '#if (', '#{if}(', '#if( '])}${this.expression(2)})${this.end()}${this.body(depth - 1)}`;
    if (this.chance(0.25)) text += `#elseif(${this.expression(1)})${this.end()}${this.body(depth - 1)}`;
    if (this.chance(0.4)) text += `${this.pick(['#else\n', '#{else}', '#else '])}${this.body(depth - 1)}`;
    return `${text}${this.blanks()}${this.pick(['#end', '#{end}', '#end\n', '#end '])}`;
  }

  private foreach(depth: number): string {
    const source = this.chance(0.5) ? this.pick(['[1..3]', '$context.list', '$context.map.keySet()', '$context.map', '$context.people', '["a", $undef, 2]', '$l', '$m', '$s', '$undef', '$m.entrySet()']) : this.value(1);
    return `${this.blanks()}${this.pick(['#foreach(', '#foreach (', '#{foreach}('])}$${this.pick(['x', 'a', 'e', 's'])} in ${source})${this.end()}${this.body(depth - 1)}${this.blanks()}${this.pick(['#end', '#{end}', '#end\n'])}`;
  }
}

/** What generated templates start from. */
export const PROLOGUE = '#set($a = "alpha")#set($b = true)#set($s = "text")#set($l = [1, "two", 3.5])#set($m = {"a": 1, "k": "v"})#set($n = 2)#set($d = 1.25)';
