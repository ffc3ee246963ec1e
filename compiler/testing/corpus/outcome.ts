/** What became of one document. Plain data: it comes from a worker process and is kept in a report. */
export interface Outcome {
  readonly name: string;
  readonly bytes: number;
  /** refused: errors that speak of the document. crashed: anything else, a diagnostic about gwc itself included. */
  readonly result: 'built' | 'refused' | 'crashed';
  readonly operations?: number;
  readonly milliseconds: number;
  /** Size of `gateway.mjs`. */
  readonly gatewayBytes?: number;
  /** Code → how often, of errors and of warnings. */
  readonly errors?: Readonly<Record<string, number>>;
  readonly warnings?: Readonly<Record<string, number>>;
  /** The first error of each code, as printed: `path:line:column message`. */
  readonly examples?: Readonly<Record<string, string>>;
  /** What went wrong with gwc. */
  readonly crash?: string;
  /** What tsc says about the client; absent when it was not asked. */
  readonly typeErrors?: readonly string[];
  /** What came of calling the gateway; absent when it was not called. */
  readonly trial?: GatewayTrial;
}

export interface GatewayTrial {
  /** Conforming requests that were answered as the document says. */
  readonly answered: number;
  /** Requests that break the document's rules and got 400. */
  readonly refused: number;
  /** Operations no conforming request could be made up for, or whose request body no client of ours writes. */
  readonly skipped: number;
  readonly faults: readonly string[];
}
