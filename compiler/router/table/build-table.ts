import { WAYS } from '../../../runtime/route-table.js';
import type { Flavour } from '../../ir.js';
import { literalPaths } from '../literal-paths.js';
import { byteText, mixedForms } from '../match-mixed.js';
import { FOLD, type ByteTest } from '../path-bytes.js';
import { mixedInOrder, type MethodMap, type RouteNode } from '../route-tree.js';
import { decide, type Choice } from './decision.js';

/** What `runtime/route-table.ts` walks. */
export interface Table {
  readonly words: readonly number[];
  /** Literals with bytes that may come in either case, in the notation of runtime/path-match.ts. */
  readonly texts: readonly string[];
  /** The literals of mixed segments, in the same notation. */
  readonly forms: readonly (readonly string[])[];
  /** Segments of the longest path. */
  readonly depth: number;
  /** Where each tree's root is. */
  readonly roots: readonly number[];
}

/** `methods`: their numbers, from 1. Routes at the roots themselves (`/`) are left out. */
export function buildTable(trees: readonly RouteNode[], flavour: Flavour, methods: ReadonlyMap<string, number>): Table {
  const builder = new TableBuilder(flavour, methods);
  const roots = trees.map((root) => builder.addNode(root, [[]])[0]!);
  return { words: builder.words, texts: builder.texts, forms: builder.forms, depth: builder.depth, roots };
}

class TableBuilder {
  /** Index 0 means "none". */
  readonly words: number[] = [0];
  readonly texts: string[] = [];
  readonly forms: string[][] = [];
  depth = 0;
  private readonly known = new Map<string, number>();

  constructor(private readonly flavour: Flavour, private readonly methods: ReadonlyMap<string, number>) {}

  /** Once for each form of its literal; the indices. */
  addNode(node: RouteNode, forms: readonly (readonly ByteTest[])[]): number[] {
    this.depth = Math.max(this.depth, node.depth + 1);
    const choices = literalPaths(node).flatMap((path) => this.addNode(path.node, path.forms).map((to, form): Choice => ({ bytes: path.forms[form]!, to: -to })));
    const decision = this.decision(choices);
    const way = this.addWays(node);
    const routes = this.routes(node.routes);
    return forms.map((bytes) => this.push([...decision, way, bytes.length, this.textOf(bytes), ...routes]));
  }

  /** Its three words; the slots are in the table when it returns. */
  private decision(choices: readonly Choice[]): readonly [slots: number, positions: number, factor: number] {
    if (choices.length === 0) return [0, 0, 0];
    // One slot, whatever the bytes before the first.
    if (choices.length === 1) return [this.push([choices[0]!.to]), positionsWord(0, 1, 1), 0];
    const { third, second, first, factor, slots } = decide(choices);
    const held = slots.map((left) => (left.length > 1 ? this.push(this.decision(left)) : left[0]?.to ?? 0));
    return [this.push(held), positionsWord(third, second, first), factor];
  }

  /** From the last to the first, as each names the next. */
  private addWays(node: RouteNode): number {
    let way = 0;
    // HTTP APIs let it be empty below the root: see match-node.ts.
    if (node.greedy.size > 0) way = this.push([WAYS.GREEDY, way, Number(this.flavour === 'http' && node.depth > 0), ...this.routes(node.greedy)]);
    if (node.variable) way = this.push([WAYS.VARIABLE, way, this.addNode(node.variable, [[]])[0]!]);
    for (const { segment, node: after } of mixedInOrder(node).reverse()) {
      const to = this.addNode(after, [[]])[0]!;
      for (const { prefix, between, suffix } of mixedForms(segment).reverse()) {
        way = this.push([WAYS.MIXED, way, to, this.forms.push([prefix, ...between, suffix].map(byteText)) - 1]);
      }
    }
    return way;
  }

  /** By method; 0 is for those that no route names. */
  private routes(routes: MethodMap): number[] {
    const any = routes.get('ANY') ?? -1;
    return [any + 1, ...[...this.methods.keys()].map((method) => (routes.get(method) ?? any) + 1)];
  }

  private textOf(bytes: readonly ByteTest[]): number {
    const text = byteText(bytes);
    let index = this.known.get(text);
    if (index === undefined) {
      index = bytes.some((byte) => byte >= FOLD) ? -this.texts.push(text) : this.push(packed(bytes));
      this.known.set(text, index);
    }
    return index;
  }

  /** The index of the first. */
  private push(words: readonly number[]): number {
    const index = this.words.length;
    for (const word of words) this.words.push(word);
    return index;
  }
}

function positionsWord(third: number, second: number, first: number): number {
  return third | (second << 16) | (first << 24);
}

/** Four bytes to a word; the last four where they do not fill words, or all that there are. */
function packed(bytes: readonly ByteTest[]): number[] {
  const words: number[] = [];
  for (let from = 0; from + 4 < bytes.length; from += 4) words.push(wordOf(bytes.slice(from, from + 4)));
  return [...words, wordOf(bytes.slice(-4))];
}

function wordOf(bytes: readonly ByteTest[]): number {
  return bytes.reduce((word, byte, index) => word | (byte << (8 * index)), 0);
}
