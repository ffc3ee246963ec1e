/** Where limits and usage may be kept besides memory. */
export interface StorePart {
  /** What is built in, sorted. */
  readonly kinds: readonly ('redis' | 'sqlite')[];
  /** What a gateway uses unless it is told otherwise at start: an address, `memory`, or a kind alone, which then has to be told where. */
  readonly first: string;
}
