/**
 * Rate-based rules: requests per key in a window that slides. AWS counts about every ten seconds and a little off; here each request counts at once. Memory is
 * bounded: beyond 50 000 keys the one that was quiet longest is forgotten.
 */
import { createHash } from 'node:crypto';
import { clientAddress, forwarded, parseAddress, type Address } from './address.js';
import type { WafRequest } from './request.js';

/** Steps of a window. */
export const SLOTS = 20;
const MOST_KEYS = 50_000;
/** A longer key is counted by its digest. */
const LONG_KEY = 100;

interface Count { slot: number; total: number; readonly slots: Uint32Array }

/** `id`: the web ACL and rule it belongs to. */
export interface RateCounter {
  readonly id: string;
  readonly limit: number;
  readonly slotMs: number;
  readonly counts: Map<string, Count>;
  /** With several workers: told of every request, so that the others count it too (shared-rates.ts). */
  counted: ((key: string) => void) | null;
}

export function rateCounter(id: string, limit: number, windowSeconds: number): RateCounter {
  return { id, limit, slotMs: (windowSeconds * 1000) / SLOTS, counts: new Map(), counted: null };
}

/** Milliseconds; steady within a process, and far from zero, so that a window can lie before its start. */
const clock = (): number => performance.timeOrigin + performance.now();

/** Counts the request; whether its key is above the limit. null: the request has no key, and is none of the rule's. */
export function isAboveRate(counter: RateCounter, key: string | null, now = clock()): boolean {
  if (key === null) return false;
  counter.counted?.(key);
  return addToRate(counter, key, 1, now) > counter.limit;
}

/** Counts `amount` requests, that came `age` slots ago; how many there are in the window now. */
export function addToRate(counter: RateCounter, key: string, amount: number, now = clock(), age = 0): number {
  const slot = Math.floor(now / counter.slotMs);
  const { counts } = counter;
  let count = counts.get(key);
  if (count === undefined) {
    if (counts.size >= MOST_KEYS) for (const oldest of counts.keys()) { counts.delete(oldest); break; }
    count = { slot, total: 0, slots: new Uint32Array(SLOTS) };
  } else counts.delete(key);
  // The map is in the order of last use.
  counts.set(key, count);
  // A slot's place is what it is modulo their number: those that have gone by are emptied.
  for (let passed = Math.max(count.slot + 1, slot - SLOTS + 1); passed <= slot; passed++) {
    const place = passed % SLOTS;
    count.total -= count.slots[place]!;
    count.slots[place] = 0;
  }
  count.slot = slot;
  if (age >= SLOTS) return count.total;
  const place = (slot - age) % SLOTS;
  count.slots[place] = count.slots[place]! + amount;
  return (count.total += amount);
}

/** What is in the window, flat: key, how many pairs follow, then pairs of age in slots and requests. */
export function ratesInWindow(counter: RateCounter, now = clock()): (string | number)[] {
  const slot = Math.floor(now / counter.slotMs);
  const found: (string | number)[] = [];
  for (const [key, count] of counter.counts) {
    const at = found.push(key, 0) - 1;
    for (let age = slot - count.slot; age < SLOTS; age++) {
      const amount = count.slots[(slot - age) % SLOTS]!;
      if (amount > 0) found.push(age, amount);
    }
    if (found.length === at + 1) found.length -= 2;
    else found[at] = (found.length - at - 1) / 2;
  }
  return found;
}

/** AggregateKeyType IP. */
export function clientKey(request: WafRequest): string | null {
  return keyOf(clientAddress(request));
}

/** IPv6 clients usually hold a /64: its addresses count as one. */
function keyOf(address: Address | null): string | null {
  return address === null ? null : typeof address === 'number' ? String(address) : address.slice(0, 16);
}

/** FORWARDED_IP: the field's first address. With one that is none and FallbackBehavior MATCH the rule applies to the request without counting (`isAboveForwardedRate`). */
export function forwardedKey(request: WafRequest, name: string): string | null | 'broken' {
  const texts = forwarded(request, name);
  if (texts === undefined) return null;
  return (texts.length === 0 ? null : keyOf(parseAddress(texts[0]!))) ?? 'broken';
}

export function isAboveForwardedRate(counter: RateCounter, key: string | null | 'broken', fallback: boolean): boolean {
  return key === 'broken' ? fallback : isAboveRate(counter, key);
}

/** CUSTOM_KEYS: all of them together; a request that lacks one is none of the rule's. */
export function customKey(parts: readonly (string | null | undefined)[]): string | null {
  let key = '';
  for (const part of parts) {
    if (part === null || part === undefined) return null;
    key += `${part.length}:${part}`;
  }
  return key.length > LONG_KEY ? createHash('sha256').update(key, 'latin1').digest('base64') : key;
}

/** Every label of a namespace counts. */
export function labelKey(request: WafRequest, namespace: string): string | null {
  const labels = request.labels.filter((label) => label.startsWith(namespace));
  return labels.length === 0 ? null : labels.join();
}

/** A key made of values that there may be several of. */
export function joinedKey(texts: readonly string[]): string | null {
  return texts.length === 0 ? null : texts.join('\n');
}

/** A key's value with its text transformations. */
export function mapped(value: string | undefined, transform: (text: string) => string): string | undefined {
  return value === undefined ? undefined : transform(value);
}
