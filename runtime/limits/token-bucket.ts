/**
 * Token buckets in one table of numbers: a bucket holds at most `burst` tokens, gains `rate` of them per second and starts full (auth.md §3).
 *
 * Exact: time is whole microseconds of a monotonic clock and credit is whole units (a millionth of a token; a billionth when the rate has
 * decimals), so a refill is one product of integers. Nothing below 2^53 units is rounded, and what lies above is more than any bucket holds.
 */
export type Buckets = Float64Array;

const WIDTH = 5;
const CREDIT = 0, SINCE = 1, GAIN = 2, CAPACITY = 3, TOKEN = 4;

export function makeBuckets(count: number): Buckets {
  return new Float64Array(count * WIDTH);
}

export function countBuckets(buckets: Buckets): number {
  return buckets.length / WIDTH;
}

/** The same buckets with room for `count`. */
export function growBuckets(buckets: Buckets, count: number): Buckets {
  const grown = makeBuckets(count);
  grown.set(buckets);
  return grown;
}

/** `rate` in tokens per second, at most three decimals; `burst` whole tokens. The build has checked both. */
export function setBucket(buckets: Buckets, bucket: number, rate: number, burst: number, micros: number): void {
  const at = bucket * WIDTH;
  const token = Number.isInteger(rate) ? 1e6 : 1e9;
  buckets[at + TOKEN] = token;
  buckets[at + GAIN] = Math.round(rate * (token / 1e6));
  buckets[at + CAPACITY] = buckets[at + CREDIT] = burst * token;
  buckets[at + SINCE] = micros;
}

/** Microseconds until the bucket has a token: 0 when it has one, Infinity when it never will. */
export function waitForToken(buckets: Buckets, bucket: number, micros: number): number {
  const at = bucket * WIDTH;
  const passed = micros - buckets[at + SINCE]!;
  let credit = buckets[at + CREDIT]!;
  if (passed > 0) {
    credit = Math.min(buckets[at + CAPACITY]!, credit + passed * buckets[at + GAIN]!);
    buckets[at + CREDIT] = credit;
    buckets[at + SINCE] = micros;
  }
  const token = buckets[at + TOKEN]!;
  if (credit >= token) return 0;
  return buckets[at + CAPACITY]! < token ? Infinity : Math.ceil((token - credit) / buckets[at + GAIN]!);
}

/** Takes the token that `waitForToken` just found. */
export function takeToken(buckets: Buckets, bucket: number): void {
  buckets[bucket * WIDTH + CREDIT]! -= buckets[bucket * WIDTH + TOKEN]!;
}

/** Makes the bucket what it is somewhere else at this moment. */
export function putCredit(buckets: Buckets, bucket: number, credit: number, micros: number): void {
  buckets[bucket * WIDTH + CREDIT] = credit;
  buckets[bucket * WIDTH + SINCE] = micros;
}

/** Gain (units per microsecond), capacity and what a token is, in units. */
export function bucketTerms(buckets: Buckets, bucket: number): readonly [gain: number, capacity: number, token: number] {
  const at = bucket * WIDTH;
  return [buckets[at + GAIN]!, buckets[at + CAPACITY]!, buckets[at + TOKEN]!];
}

export const bucketCount = (buckets: Buckets): number => buckets.length / WIDTH;

/** Whole tokens in the bucket, as of its last refill. */
export function tokensLeft(buckets: Buckets, bucket: number): number {
  return Math.max(0, Math.floor(buckets[bucket * WIDTH + CREDIT]! / buckets[bucket * WIDTH + TOKEN]!));
}

/** Tokens the bucket holds when it is full. */
export function bucketSize(buckets: Buckets, bucket: number): number {
  return buckets[bucket * WIDTH + CAPACITY]! / buckets[bucket * WIDTH + TOKEN]!;
}

/** Seconds until the bucket is full again if nobody takes a token; Infinity when it gains none. */
export function secondsUntilFull(buckets: Buckets, bucket: number): number {
  const at = bucket * WIDTH;
  const missing = buckets[at + CAPACITY]! - buckets[at + CREDIT]!;
  return missing <= 0 ? 0 : Math.ceil(missing / buckets[at + GAIN]! / 1e6);
}

/** Seconds in which an empty bucket fills up; Infinity when it gains nothing. */
export function secondsToFill(buckets: Buckets, bucket: number): number {
  return Math.ceil(buckets[bucket * WIDTH + CAPACITY]! / buckets[bucket * WIDTH + GAIN]! / 1e6);
}
