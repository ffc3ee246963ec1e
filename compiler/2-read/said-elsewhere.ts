/** One mistake, one message. */
import type { Diagnostic } from '../diagnostics/define.js';
import type { Reporter } from '../diagnostics/report.js';
import { NOT_ALLOWED, ODD_TYPE, ODD_VALUE, WRONG_TYPE } from './known-fields-diagnostics.js';

const OF_VALUES: ReadonlySet<string> = new Set([WRONG_TYPE, ODD_TYPE, NOT_ALLOWED, ODD_VALUE].map(({ code }) => code));
const RANK = { info: 0, warning: 1, error: 2 } as const;

/**
 * checkKnownFields says of every value whether it is of the right kind; a slice that reads the value knows what it is for, and says more.
 * Where both speak of one value, what is as grave or graver and says more stays.
 */
export function withdrawSaidElsewhere(reporter: Reporter): void {
  const graver = new Map<string, number>();
  for (const each of reporter.diagnostics) {
    // Placeholders without a value and the like (1-load) are another mistake.
    if (OF_VALUES.has(each.code) || each.code < 'GWC2' || each.origin.key === true) continue;
    graver.set(place(each), Math.max(graver.get(place(each)) ?? 0, RANK[each.severity]));
  }
  reporter.withdraw((each) => OF_VALUES.has(each.code) && (graver.get(place(each)) ?? 0) >= RANK[each.severity]);
}

function place({ origin }: Diagnostic): string { return `${origin.file}\n${origin.pointer}`; }
