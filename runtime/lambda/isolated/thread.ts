/** One thread of an isolated function. A function that ends it, hangs it or fills its memory has only itself. */
import { Worker } from 'node:worker_threads';
import type { RuntimeInvocation } from '../pool/invocation.js';
import { IDLE_MS, type Runner, type RunnerOwner } from '../pool/pool.js';
import type { ThreadCall, ThreadCredit, ThreadData } from './messages.js';

/** A module that has not been loaded by then never will: Lambda's init phase takes as long. */
const START_MS = 10_000;

export class FunctionThread implements Runner {
  current: RuntimeInvocation | null = null;
  isStarting = true;
  private readonly worker: Worker;
  private problem = '';
  /** Bytes of the current call that have come and wait to be taken. */
  private held = 0;
  private isEnded = false;
  /** Until it is ready, then while it has nothing to do. */
  private timer: NodeJS.Timeout;

  constructor(program: URL, data: ThreadData, memoryMb: number, private readonly owner: RunnerOwner) {
    const { identity } = data;
    this.worker = new Worker(program, {
      workerData: data, name: identity.name, resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: Math.max(1, Math.ceil(memoryMb / 8)) },
      env: {
        ...process.env,
        AWS_LAMBDA_FUNCTION_NAME: identity.name, AWS_LAMBDA_FUNCTION_VERSION: identity.version, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: identity.memory, AWS_LAMBDA_LOG_GROUP_NAME: identity.logGroupName, AWS_LAMBDA_LOG_STREAM_NAME: identity.logStreamName,
      },
    });
    this.worker.unref();
    this.worker.on('message', (message: Record<string, unknown> | null) => this.hear(message));
    this.worker.on('messageerror', () => this.kill());
    this.worker.on('error', (error: unknown) => { this.problem = describe(error); });
    this.worker.once('exit', (code) => this.end(this.problem || `Error: Runtime exited ${code === 0 ? 'without providing a reason' : `with error: exit status ${code}`}`));
    this.timer = setTimeout(() => { this.problem = `Error: the function was not loaded within ${START_MS / 1_000} seconds`; this.kill(); }, START_MS).unref();
  }

  deliver(invocation: RuntimeInvocation): void {
    clearTimeout(this.timer);
    this.current = invocation;
    this.held = 0;
    const call: ThreadCall = { kind: 'call', streams: invocation.onPiece !== null, id: invocation.id, event: invocation.event, timeoutMs: Math.max(1, invocation.deadline - Date.now()), clientContext: invocation.clientContext };
    this.worker.postMessage(call);
  }

  kill(): void {
    void this.worker.terminate();
  }

  /** A handler can post messages too: whatever they are, they are about its own call at most. */
  private hear(message: Partial<Record<string, unknown>> | null | undefined): void {
    const { kind, id, text, message: reason, payload, bytes } = (typeof message === 'object' ? message : null) ?? {};
    if (this.isStarting) {
      if (kind !== 'ready') return;
      this.isStarting = false;
    } else {
      const { current } = this;
      if (current === null || current.id !== id) return;
      if (kind === 'piece') return void (bytes instanceof Uint8Array && this.take(current, bytes));
      if (kind === 'returned' && typeof text === 'string') { this.current = null; current.succeed(text); }
      else if (kind === 'functionError' && typeof reason === 'string' && typeof payload === 'string') { this.current = null; current.fail(reason, payload); }
      else return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.kill(), IDLE_MS).unref();
    this.owner.ready(this);
  }

  /** What is taken is said at once or, where it has to wait, when the rest may come. */
  private take(current: RuntimeInvocation, bytes: Uint8Array): void {
    if (current.onPiece === null) return;
    const say = (taken: number): void => { const credit: ThreadCredit = { kind: 'credit', id: current.id, bytes: taken }; this.worker.postMessage(credit); };
    current.abandon = () => { this.held = 0; say(Infinity); };
    const flowing = current.isOver || current.onPiece(bytes);
    if (flowing && this.held === 0) return say(bytes.length);
    this.held += bytes.length;
    current.resume = () => { const taken = this.held; this.held = 0; if (taken > 0) say(taken); };
    if (flowing) current.resume();
  }

  private end(problem: string): void {
    if (this.isEnded) return;
    this.isEnded = true;
    clearTimeout(this.timer);
    const { current } = this;
    this.current = null;
    if (current !== null) current.fail(`RequestId: ${current.id} ${problem}`);
    this.owner.ended(this, this.isStarting ? problem : null);
  }
}

function describe(error: unknown): string {
  const { code, message } = error instanceof Error ? error as NodeJS.ErrnoException : { code: '', message: String(error) };
  // Lambda's words for a function that its memory was too small for.
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'Error: Runtime exited with error: signal: killed' : `Error: Runtime exited with error: ${message}`;
}
