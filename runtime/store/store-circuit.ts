/**
 * Between the limiter and its store: nobody waits longer than the store's patience, and once it has failed nobody waits at all until it answers
 * again, which is tried in the background. One line in the log when it goes and one when it comes, and no more than that in ten seconds.
 */
import type { Decision } from '../limits/limits-keeper.js';
import type { LimitsBackend } from './limits-backend.js';

const PROBE_MS = 250;
const LOG_EVERY_MS = 10_000;

export class StoreCircuit {
  away = false;
  private stopped = false;
  private logged = -Infinity;
  private told = false;

  constructor(private readonly backend: LimitsBackend, private readonly shown: string, private readonly log: (line: string) => void, private readonly onAway: () => void) {
    // Should the store go away, it is known from the start what the quotas had left.
    backend.probe().catch(() => undefined);
  }

  /** null: the store is away. */
  ask(ask: readonly number[]): Promise<Decision | null> {
    if (this.away) return Promise.resolve(null);
    return new Promise((resolve) => {
      let late = false, settled = false;
      const timer = setTimeout(() => {
        // When this process was busy for as long the answer may be here and only not read yet: reading comes before what is set here.
        setImmediate(() => {
          if (settled) return;
          late = true;
          this.open(`no answer within ${this.backend.patienceMs} ms`);
          resolve(null);
        });
      }, this.backend.patienceMs);
      this.backend.decide(ask).then((decision) => {
        settled = true;
        clearTimeout(timer);
        if (late) this.forgive(ask, decision);
        else resolve(decision);
      }, (error: Error) => {
        settled = true;
        clearTimeout(timer);
        if (!late) this.open(error.message);
        resolve(null);
      });
    });
  }

  stop(): void { this.stopped = true; }

  /** It had decided after all: what it let in is counted there, and not owed. */
  private forgive(ask: readonly number[], { answers }: Decision): void {
    for (let group = 0; 5 * group < answers.length; group++) if (ask[3 * group + 1]! >= 0) this.backend.owe(ask[3 * group + 1]!, -answers[5 * group + 1]!);
  }

  private open(reason: string): void {
    if (this.away) return;
    this.away = true;
    this.onAway();
    const now = performance.now();
    this.told = now - this.logged > LOG_EVERY_MS;
    if (this.told) {
      this.logged = now;
      this.log(`limits: ${this.shown} cannot be asked (${reason}); until it can, each limit follows its own \`fail\``);
    }
    this.probe();
  }

  private probe(): void {
    setTimeout(() => {
      if (this.stopped) return;
      const patience = new Promise<never>((_resolve, reject) => { setTimeout(() => reject(new Error('no answer')), 4 * PROBE_MS).unref(); });
      Promise.race([this.backend.probe(), patience]).then(() => {
        this.away = false;
        if (this.told) this.log(`limits: ${this.shown} is asked again`);
      }, () => this.probe());
    }, PROBE_MS).unref();
  }
}

/** Counts requests that were let in while the store was away. */
export function oweAdmitted(backend: LimitsBackend, ask: readonly number[], { answers }: Decision): void {
  for (let group = 0; 5 * group < answers.length; group++) if (ask[3 * group + 1]! >= 0 && answers[5 * group + 1]! > 0) backend.owe(ask[3 * group + 1]!, answers[5 * group + 1]!);
}

