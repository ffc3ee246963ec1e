/** What a diagnostic is and how a slice declares the ones it can report. */

export type Severity = 'error' | 'warning' | 'info';

/** A place in the user's documents. Line and column are computed only when a message is printed. */
export interface Origin {
  /** Absolute path or URL of the file, as loaded. */
  readonly file: string;
  /** JSON Pointer (RFC 6901) of the node inside the file; '' is the whole document. */
  readonly pointer: string;
  /** Points at the key of the last pointer segment instead of its value. */
  readonly key?: boolean;
  /** Offset inside the node's string value (a template, a pattern), with a length; both in UTF-16 units. */
  readonly inside?: { readonly offset: number; readonly length: number };
  /** For faults found before the document has nodes (YAML syntax): byte-exact offsets in the file's text. */
  readonly span?: readonly [start: number, end: number];
}

export interface Note { readonly message: string; readonly origin: Origin }

export interface Diagnostic {
  /** Stable: `GWC` and four digits. 1xxx load, 2xxx read, 3xxx plan, 4xxx emit, 5xxx bundle, 9xxx internal. Never changes meaning. */
  readonly code: DiagnosticCode;
  /** error = no output; warning = differs from AWS or surely unintended; info = ignored, harmless. */
  readonly severity: Severity;
  readonly message: string;
  readonly origin: Origin;
  readonly notes: readonly Note[];
  readonly hint?: string;
}

export type DiagnosticCode = `GWC${number}`;

/** One kind of diagnostic. `P` are the parameters of its message. */
export interface DiagnosticDefinition<P = Record<string, never>> {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly message: (parameters: P) => string;
  readonly hint?: (parameters: P) => string | undefined;
  /** One or more paragraphs of Markdown, printed by `gwc explain <code>`: what it means, why it matters, what to write. */
  readonly help: string;
}

/** Declares a diagnostic; the type parameter makes the message's parameters checked at every report. */
export function diagnostic<P = Record<string, never>>(definition: DiagnosticDefinition<P>): DiagnosticDefinition<P> {
  return definition;
}
