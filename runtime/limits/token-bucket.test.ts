/** The bucket against an ideal one in exact arithmetic: the same requests get in, never one more, never one less. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bucketCount, bucketSize, bucketTerms, makeBuckets, putCredit, secondsToFill, secondsUntilFull, setBucket, takeToken, tokensLeft, waitForToken } from './token-bucket.js';

const test = suite('token bucket');

/** Takes at `times` (µs); what got in. */
function admissions(rate: number, burst: number, times: readonly number[]): boolean[] {
  const buckets = makeBuckets(3);
  setBucket(buckets, 1, rate, burst, 0);
  return times.map((time) => {
    if (waitForToken(buckets, 1, time) > 0) return false;
    takeToken(buckets, 1);
    return true;
  });
}

/** The same in integers of any size: credit in billionths of a token, so that a rate in thousandths per second gains whole units per µs. */
function ideal(milliRate: number, burst: number, times: readonly number[]): boolean[] {
  const token = 1_000_000_000n;
  const capacity = BigInt(burst) * token;
  let credit = capacity, since = 0n;
  return times.map((time) => {
    const gained = credit + (BigInt(time) - since) * BigInt(milliRate);
    credit = gained < capacity ? gained : capacity;
    since = BigInt(time);
    if (credit < token) return false;
    credit -= token;
    return true;
  });
}

const gaps = fc.array(fc.oneof(fc.nat(50), fc.nat(20_000), fc.nat(3_000_000), fc.integer({ min: 0, max: 10_000_000_000_000 })), { maxLength: 300 });
const times = gaps.map((list) => { let time = 0; return list.map((gap) => (time += gap)); });

test('lets in exactly what an ideal bucket lets in', () => {
  fc.assert(fc.property(fc.oneof(fc.nat(2_000), fc.nat(20_000_000)), fc.oneof(fc.nat(10), fc.nat(5_000)), times, (milliRate, burst, at) => {
    assert.equal(admissions(milliRate / 1000, burst, at), ideal(milliRate, burst, at));
  }), { numRuns: 2_000 });
});

test('never more than rate × time + burst in any window', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 5_000_000 }), fc.nat(50), times, (milliRate, burst, at) => {
    const admitted = admissions(milliRate / 1000, burst, at);
    const let_in = at.filter((_, index) => admitted[index]);
    for (let from = 0; from < let_in.length; from += 7) for (let to = from; to < let_in.length; to += 3) {
      const most = (BigInt(let_in[to]! - let_in[from]!) * BigInt(milliRate)) / 1_000_000_000n + BigInt(burst);
      assert.ok(BigInt(to - from + 1) <= most, `${to - from + 1} in ${let_in[to]! - let_in[from]!} µs`);
    }
  }), { numRuns: 300 });
});

test('the wait it names is the first microsecond with a token', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 5_000_000 }), fc.integer({ min: 1, max: 20 }), fc.nat(1_000_000), (milliRate, burst, start) => {
    const buckets = makeBuckets(1);
    setBucket(buckets, 0, milliRate / 1000, burst, start);
    for (let i = 0; i < burst; i++) { assert.is(waitForToken(buckets, 0, start), 0); takeToken(buckets, 0); }
    const wait = waitForToken(buckets, 0, start);
    assert.ok(wait > 0);
    assert.is(waitForToken(buckets, 0, start + wait - 1), 1);
    assert.is(waitForToken(buckets, 0, start + wait), 0);
  }));
});

test('a rate in steady use loses nothing over a day', () => {
  // 333.333 per second: a third is no binary fraction, and 24 h would add up the error of floating-point credit.
  const buckets = makeBuckets(1);
  setBucket(buckets, 0, 333.333, 1, 0);
  takeToken(buckets, 0);
  let time = 0, count = 0;
  while (time < 3_600_000_000) { time += waitForToken(buckets, 0, time); if (waitForToken(buckets, 0, time) === 0) { takeToken(buckets, 0); count++; } }
  // With a burst of 1 up to a microsecond is lost per token, as it is for anyone who counts in microseconds.
  assert.ok(count >= Math.floor(3_600_000_000 / 3_001) && count <= 1_200_000, `${count}`);
});

test('edges: no burst, no rate, a clock that does not move', () => {
  assert.equal(admissions(100, 0, [0, 1_000_000, 9e15]), [false, false, false]);
  assert.equal(admissions(0, 2, [0, 0, 0, 9e15]), [true, true, false, false]);
  assert.equal(admissions(1, 1, [0, 0, 999_999, 1_000_000, 1_000_000]), [true, false, false, true, false]);
  const buckets = makeBuckets(2);
  setBucket(buckets, 0, 0, 1, 0);
  takeToken(buckets, 0);
  assert.is(waitForToken(buckets, 0, 5), Infinity);
  setBucket(buckets, 1, 10, 0, 0);
  assert.is(waitForToken(buckets, 1, 5), Infinity);
});

test('the largest bucket there is stays exact', () => {
  const buckets = makeBuckets(1);
  setBucket(buckets, 0, 1e9, 2_147_483_647, 0);
  assert.is(tokensLeft(buckets, 0), 2_147_483_647);
  takeToken(buckets, 0);
  assert.is(tokensLeft(buckets, 0), 2_147_483_646);
  waitForToken(buckets, 0, 1_000_000_000_000);
  assert.is(tokensLeft(buckets, 0), 2_147_483_647);
});

test('what is told of a bucket', () => {
  const buckets = makeBuckets(1);
  setBucket(buckets, 0, 2.5, 10, 0);
  for (let i = 0; i < 4; i++) takeToken(buckets, 0);
  assert.equal([bucketSize(buckets, 0), tokensLeft(buckets, 0), secondsToFill(buckets, 0), secondsUntilFull(buckets, 0)], [10, 6, 4, 2]);
});

test('a bucket that was filled from outside goes on from there', () => {
  const buckets = makeBuckets(2);
  setBucket(buckets, 1, 1000, 50, 0);
  const [gain, capacity, token] = bucketTerms(buckets, 1);
  assert.equal([bucketCount(buckets), gain, capacity / token], [2, 1000, 50]);
  putCredit(buckets, 1, 2 * token, 10_000);
  assert.is(tokensLeft(buckets, 1), 2);
  putCredit(buckets, 1, token - 400 * gain, 20_000);
  assert.is(waitForToken(buckets, 1, 20_399), 1);
  assert.is(waitForToken(buckets, 1, 20_400), 0);
});

test.run();
