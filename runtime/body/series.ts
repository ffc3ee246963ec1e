/** Bodies that are JSON values one after another: JSON lines, and JSON text sequences (RFC 7464). */
import { isUtf8 } from 'node:buffer';
import type { Exchange } from '../exchange.js';
import { bodyFault, checkBodyValue, type Faults, type Validate } from '../validation/message-faults.js';

/** `separator`: a line feed, or the record separator, which stands before each value. The schema speaks of the list of all values. `exchange.body` has been read. */
export function checkSeriesBody(faults: Faults, exchange: Exchange, separator: string, validate: Validate): Faults {
  const coding = exchange.head.get('content-encoding');
  if (coding !== undefined && coding !== '' && coding.toLowerCase() !== 'identity') return bodyFault(faults, 'contentType', 'must not be in a content coding');
  const body = exchange.body!;
  if (!isUtf8(body)) return bodyFault(faults, 'parse', 'is not UTF-8');
  const items: unknown[] = [];
  for (const text of body.toString('utf8').split(separator)) {
    if (text.trim() === '') continue;
    try { items.push(JSON.parse(text)); } catch { return bodyFault(faults, 'parse', 'is not JSON', `/${items.length}`); }
  }
  return checkBodyValue(faults, items, validate);
}
