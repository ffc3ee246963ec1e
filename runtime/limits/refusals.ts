/**
 * What another process (the primary, Redis) refused, remembered until the time it named: a client over its limit costs no messages. Asked again once a
 * second all the same: a quota may have been granted, a limit changed meanwhile.
 */
import { ADMITTED, OVER_QUOTA, THROTTLED, type Limits, type Verdict } from './limits.js';
import { bucketCount } from './token-bucket.js';

const ASK_AGAIN_MICROS = 1_000_000;

/** Two numbers for each: when there is room again, and when that was said (micros). */
type Memory = Float64Array;

export class Refusals {
  private buckets: Memory;
  private quotas: Memory;

  constructor(private readonly limits: Limits) {
    this.buckets = new Float64Array(2 * bucketCount(limits.buckets));
    this.quotas = new Float64Array(2 * limits.clients.length);
  }

  /** After a refusal `limits.wait` and `limits.short` say why, as after `refusal`. ADMITTED: nothing is known against it. */
  find(operation: number, client: number, micros: number): Verdict {
    const { limits } = this;
    let wait = 0, short = -1;
    if (client >= 0) {
      const { methods, base, ofPlan } = limits.clients[client]!;
      const place = methods === null ? -1 : methods[operation]!;
      if (place >= 0) {
        wait = left(this.buckets, base + place, micros);
        short = base + place;
      }
      if (ofPlan >= 0) {
        const time = left(this.buckets, ofPlan, micros);
        if (time > wait) { wait = time; short = ofPlan; }
      }
    }
    const ofStage = limits.ofStage[operation]!;
    if (ofStage >= 0) {
      const time = left(this.buckets, ofStage, micros);
      if (time > wait) { wait = time; short = ofStage; }
    }
    const throttled = wait > 0;
    if (!throttled) {
      wait = client < 0 ? 0 : left(this.quotas, client, micros);
      if (wait === 0) return ADMITTED;
      short = -1;
    }
    limits.wait = wait;
    limits.short = short;
    return throttled ? THROTTLED : OVER_QUOTA;
  }

  /** Its quota and the limits of its own may have changed. */
  forget(client: number): void {
    this.quotas[2 * client + 1] = -Infinity;
    const { methods, base, ofPlan } = this.limits.clients[client]!;
    if (ofPlan >= 0) this.buckets[2 * ofPlan + 1] = -Infinity;
    if (methods !== null) for (const place of methods) if (place >= 0) this.buckets[2 * (base + place) + 1] = -Infinity;
  }

  /** `micros`: when it was asked, so that the time that was named is not over before. `short`: the bucket, -1 the quota. */
  add(client: number, verdict: Verdict, short: number, wait: number, micros: number): void {
    const place = verdict === THROTTLED ? short : client;
    if (place < 0) return;
    if (verdict === THROTTLED) write(this.buckets = grown(this.buckets, place), place, micros, wait);
    else write(this.quotas = grown(this.quotas, place), place, micros, wait);
  }
}

/** Keys that are made while the gateway runs come after those of the start. */
function grown(memory: Memory, place: number): Memory {
  if (2 * place < memory.length) return memory;
  const larger = new Float64Array(4 * place + 2);
  larger.set(memory);
  return larger;
}

function write(memory: Memory, place: number, micros: number, wait: number): void {
  memory[2 * place] = micros + wait;
  memory[2 * place + 1] = micros;
}

function left(memory: Memory, place: number, micros: number): number {
  return micros < memory[2 * place + 1]! + ASK_AGAIN_MICROS ? Math.max(0, memory[2 * place]! - micros) : 0;
}
