/** A worker thread that does one kind of work: started ahead of its first job, idle between jobs (`gwc dev` has one after another). */
import { parentPort, Worker } from 'node:worker_threads';

interface Job<Input> { readonly id: number; readonly input: Input }
interface Done<Output> { readonly id: number; readonly output?: Output }

/** These threads make much that is soon forgotten: with V8's default of 16 a seventh of their time goes into collecting it. */
const YOUNG_MB = 96;

export class BackgroundThread<Input, Output> {
  private readonly waiting = new Map<number, (output: Output | undefined) => void>();
  private worker: Worker | undefined;
  private count = 0;

  /** `module` calls `work`. */
  constructor(private readonly module: () => URL) {}

  /** Starts the thread ahead of its first job; it loads its modules meanwhile. */
  prepare(): void {
    // Where threads cannot be had `run` says so.
    try { this.worker ??= this.start(); } catch { this.worker = undefined; }
  }

  /** undefined when the thread could not do it. `input` and what comes back are cloned. */
  run(input: Input): Promise<Output | undefined> {
    this.prepare();
    const { worker } = this;
    if (worker === undefined) return Promise.resolve(undefined);
    const id = this.count++;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      worker.ref();
      worker.postMessage({ id, input } satisfies Job<Input>);
    });
  }

  private start(): Worker {
    const worker = new Worker(this.module(), { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
    const close = (): void => {
      this.worker = undefined;
      for (const id of [...this.waiting.keys()]) this.settle(id, undefined);
    };
    worker.on('message', ({ id, output }: Done<Output>) => this.settle(id, output));
    worker.on('error', close);
    worker.on('exit', close);
    // An idle thread does not keep the process running. Listening for messages would: so this comes last.
    worker.unref();
    return worker;
  }

  private settle(id: number, output: Output | undefined): void {
    this.waiting.get(id)?.(output);
    this.waiting.delete(id);
    if (this.waiting.size === 0) this.worker?.unref();
  }
}

/** In the thread: does each job as it comes. A job that throws is given back undone. `moved`: what of an output goes over without being copied. */
export function work<Input, Output>(job: (input: Input) => Promise<Output>, moved: (output: Output) => readonly ArrayBuffer[] = () => []): void {
  parentPort!.on('message', ({ id, input }: Job<Input>) => {
    const answer = (output?: Output): void => parentPort!.postMessage({ id, ...(output !== undefined && { output }) } satisfies Done<Output>, output === undefined ? [] : moved(output));
    job(input).then(answer, () => answer());
  });
}
