import { renderText } from '../diagnostics/render.js';
import type { Analysis } from '../index.js';

/** What `gwc build` prints, without colours. */
export function diagnosticsText(analysis: Pick<Analysis, 'diagnostics' | 'sources'>): string {
  return renderText(analysis.diagnostics, analysis.sources, { width: 100, limit: 1000 });
}
