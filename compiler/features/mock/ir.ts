import type { Origin } from '../../diagnostics/define.js';
import type { Json } from '../../code.js';

export interface MockIntegration {
  readonly kind: 'mock';
  /** `aws`: the document's own mock integration; `examples`: made by --mock. */
  readonly origins: 'aws' | 'examples';
  /** Answers in order of preference; the first is the default. */
  readonly answers: readonly MockAnswer[];
  readonly origin: Origin;
}

export interface MockAnswer {
  readonly status: number;
  readonly contentType: string | null;
  readonly fields: Readonly<Record<string, string>>;
  readonly examples: readonly { readonly name: string; readonly body: Json | null; readonly text: string }[];
}
