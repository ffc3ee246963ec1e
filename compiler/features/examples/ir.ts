import type { Origin } from '../../diagnostics/define.js';

/** An operation that `--mock` answers from its responses' examples, else from samples of their schemas. */
export interface ExamplesIntegration { readonly kind: 'examples'; readonly origin: Origin }
