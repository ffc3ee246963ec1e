/** The programs of one function: as many as calls need, up to a maximum; one that dies is replaced when the next call needs it. */
import { functionIdentity, type FunctionIdentity } from '../lambda-context.js';
import type { LambdaResult } from '../lambda-proxy.js';
import { RuntimeInvocation } from './invocation.js';
import { RuntimeProcess } from './process.js';

/** An idle program is stopped after this. */
const IDLE_MS = 300_000;

/** Programs do not outlive the gateway. */
const pools = /* @__PURE__ */ new Set<RuntimePool>();

export class RuntimePool {
  private readonly identity: FunctionIdentity;
  private readonly processes = new Set<RuntimeProcess>();
  /** The most recently used last, so that the others fall idle. */
  private readonly idle: RuntimeProcess[] = [];
  private readonly waiting = new Set<RuntimeInvocation>();

  constructor(name: string, reference: string, region: string, private readonly command: readonly string[], private readonly maximum: number) {
    this.identity = functionIdentity(name, reference, region);
    if (pools.size === 0) process.once('exit', () => { for (const pool of pools) pool.close(); });
    pools.add(this);
  }

  invoke(event: Buffer, trace: string, clientContext: unknown, timeoutMs: number, done: (result: LambdaResult) => void): void {
    const invocation = new RuntimeInvocation(event, trace, clientContext, timeoutMs, done, (expired) => this.expired(expired));
    const ready = this.idle.pop();
    if (ready) return ready.deliver(invocation);
    this.waiting.add(invocation);
    this.startWhereNeeded();
  }

  close(): void {
    for (const each of this.processes) each.kill();
  }

  /** One start per waiting call at most: a program that cannot start fails calls, and does not spin. */
  private startWhereNeeded(): void {
    let starting = 0;
    for (const each of this.processes) if (each.isStarting) starting++;
    while (starting < this.waiting.size && this.processes.size < this.maximum) {
      starting++;
      const started = new RuntimeProcess(this.command, this.identity, IDLE_MS, {
        ready: (runtime) => this.ready(runtime),
        ended: (runtime, problem) => this.ended(runtime, problem),
      });
      this.processes.add(started);
    }
  }

  private ready(runtime: RuntimeProcess): void {
    for (const invocation of this.waiting) {
      this.waiting.delete(invocation);
      return runtime.deliver(invocation);
    }
    this.idle.push(runtime);
  }

  /** `problem`: why it never became ready; null when it had. */
  private ended(runtime: RuntimeProcess, problem: string | null): void {
    this.processes.delete(runtime);
    const at = this.idle.indexOf(runtime);
    if (at >= 0) this.idle.splice(at, 1);
    if (problem !== null) for (const invocation of this.waiting) {
      this.waiting.delete(invocation);
      invocation.fail(problem);
      break;
    }
    this.startWhereNeeded();
  }

  /** A program that is late with one call cannot be trusted with the next: it is killed. */
  private expired(invocation: RuntimeInvocation): void {
    this.waiting.delete(invocation);
    for (const each of this.processes) if (each.current === invocation) each.kill();
  }
}
