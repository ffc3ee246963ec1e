import { code, helper, identifier, type Code } from '../code.js';
import type { Flavour } from '../ir.js';
import type { Block } from './block.js';

/** What is being generated: one per router. */
export interface Emission {
  readonly flavour: Flavour;
  /** Method → number that generated code compares; 0 stands for every method that no route names. */
  readonly methods: ReadonlyMap<string, number>;
  /** Blocks that became functions. */
  readonly functions: Map<Block, Call>;
  /** Finished functions. */
  readonly declarations: Code[];
  readonly names: Names;
}

/** The expression that calls a generated function for a place in the path. */
export type Call = (at: Code) => Code;

/** Numbers for generated names, one sequence per router. */
export class Names {
  private last = 0;
  next(prefix: string): Code { return identifier(`${prefix}${++this.last}`); }
}

/** A place in the path as generated code writes it: a local variable plus a constant. */
export class Position {
  constructor(readonly base: Code, readonly offset = 0) {}
  plus(count: number): Position { return new Position(this.base, this.offset + count); }
  get code(): Code { return this.offset === 0 ? this.base : code`${this.base} + ${this.offset}`; }
  get byte(): Code { return code`target[${this.code}]`; }
}

const pathMatch = helper<typeof import('../../runtime/path-match.js')>();
export const SEGMENT_END = pathMatch('path-match', 'segmentEnd');
export const INDEX_OF_TEXT = pathMatch('path-match', 'indexOfText');
export const MATCHES_TEXT = pathMatch('path-match', 'matchesText');
