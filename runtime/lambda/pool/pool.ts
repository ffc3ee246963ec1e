/** The runners of one function, programs or threads: as many as calls need, up to a maximum; one that dies is replaced when the next call needs it. */
import type { LambdaResult } from '../proxy.js';
import { RuntimeInvocation } from './invocation.js';

/** An idle runner is stopped after this. */
export const IDLE_MS = 300_000;

/** What runs a function, one call at a time. */
export interface Runner {
  readonly current: RuntimeInvocation | null;
  readonly isStarting: boolean;
  /** Hands a call to a runner that said it is ready. */
  deliver(invocation: RuntimeInvocation): void;
  kill(): void;
}

export interface RunnerOwner {
  /** It asks for a call. */
  ready(runner: Runner): void;
  /** It is gone. `problem`: why it never became ready; null when it had. */
  ended(runner: Runner, problem: string | null): void;
}

const pools = /* @__PURE__ */ new Set<RuntimePool>();

/** Has every runner end, those at work when they are done: the gateway closes. */
export function closePools(): void {
  for (const pool of pools) pool.close();
}

export class RuntimePool {
  private readonly runners = new Set<Runner>();
  /** The most recently used last, so that the others fall idle. */
  private readonly idle: Runner[] = [];
  private readonly waiting = new Set<RuntimeInvocation>();
  /** Nobody will call any more, but for requests that are under way. */
  private isClosing = false;

  constructor(private readonly start: (owner: RunnerOwner) => Runner, private readonly maximum: number) {
    // Runners do not outlive the process either.
    if (pools.size === 0) process.once('exit', () => { for (const pool of pools) pool.kill(); });
    pools.add(this);
  }

  invoke(event: Buffer, trace: string, clientContext: unknown, timeoutMs: number, done: (result: LambdaResult) => void, onPiece: ((piece: Uint8Array) => boolean) | null = null): RuntimeInvocation {
    if (this.runners.size === 0) this.isClosing = false;
    const invocation = new RuntimeInvocation(event, trace, clientContext, timeoutMs, done, (expired) => this.expired(expired));
    invocation.onPiece = onPiece;
    const ready = this.idle.pop();
    if (ready) ready.deliver(invocation);
    else {
      this.waiting.add(invocation);
      this.startWhereNeeded();
    }
    return invocation;
  }

  close(): void {
    this.isClosing = true;
    // A killed runner reports its end later.
    for (const each of [...this.idle]) each.kill();
    if (this.waiting.size === 0) for (const each of this.runners) if (each.isStarting) each.kill();
  }

  private kill(): void {
    for (const each of this.runners) each.kill();
  }

  /** One start per waiting call at most: a runner that cannot start fails calls, and does not spin. */
  private startWhereNeeded(): void {
    let starting = 0;
    for (const each of this.runners) if (each.isStarting) starting++;
    while (starting < this.waiting.size && this.runners.size < this.maximum) {
      starting++;
      this.runners.add(this.start({ ready: (runner) => this.ready(runner), ended: (runner, problem) => this.ended(runner, problem) }));
    }
  }

  private ready(runner: Runner): void {
    for (const invocation of this.waiting) {
      this.waiting.delete(invocation);
      return runner.deliver(invocation);
    }
    if (this.isClosing) return runner.kill();
    this.idle.push(runner);
  }

  private ended(runner: Runner, problem: string | null): void {
    this.runners.delete(runner);
    const at = this.idle.indexOf(runner);
    if (at >= 0) this.idle.splice(at, 1);
    if (problem !== null) for (const invocation of this.waiting) {
      this.waiting.delete(invocation);
      invocation.fail(problem);
      break;
    }
    this.startWhereNeeded();
  }

  /** A runner that is late with one call cannot be trusted with the next: it is killed. */
  private expired(invocation: RuntimeInvocation): void {
    this.waiting.delete(invocation);
    for (const each of this.runners) if (each.current === invocation) each.kill();
  }
}
