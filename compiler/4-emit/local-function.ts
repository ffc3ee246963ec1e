import type { Origin } from '../diagnostics/define.js';

/** An export of the user's own code that the bundle calls. */
export interface LocalFunction {
  /** Absolute path of the module. */
  readonly file: string;
  readonly exportName: string;
  /** What generated code imports it as, from `./functions.js`. */
  readonly name: string;
  /** It is imported as the text of a program of its own that serves it. */
  readonly isProgram: boolean;
  /** Programs: some integration wants its results to stream. */
  streams: boolean;
  readonly origin: Origin;
}
