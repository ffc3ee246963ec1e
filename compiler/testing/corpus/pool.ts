import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CorpusDocument } from './documents.js';
import type { Outcome } from './outcome.js';
import type { CorpusJob } from './worker.js';

export interface PoolOptions {
  readonly jobs: number;
  /** For one document. */
  readonly seconds: number;
  readonly heapMegabytes: number;
  readonly types: CorpusJob['types'];
  /** Operations of each gateway to call. */
  readonly calls: number;
  readonly onOutcome: (outcome: Outcome) => void;
}

/** A worker that has grown to this size is replaced before its next document. */
const STALE_BYTES = 1_500_000_000;

/** Builds every document in long-lived processes; one that hangs or runs out of memory is ended and counts as crashed. */
export async function buildAll(documents: readonly CorpusDocument[], options: PoolOptions): Promise<void> {
  const queue = [...documents];
  await Promise.all(Array.from({ length: options.jobs }, async () => {
    let worker: ChildProcess | undefined;
    for (let document; (document = queue.shift()) !== undefined;) {
      worker ??= start(options);
      const { outcome, reusable } = await run(worker, document, options);
      options.onOutcome(outcome);
      if (!reusable) { worker.kill('SIGKILL'); worker = undefined; }
    }
    worker?.kill();
  }));
}

function start({ heapMegabytes }: PoolOptions): ChildProcess {
  return fork(fileURLToPath(new URL('./worker.js', import.meta.url)), { execArgv: [`--max-old-space-size=${heapMegabytes}`], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
}

function run(worker: ChildProcess, document: CorpusDocument, { seconds, types, calls }: PoolOptions): Promise<{ outcome: Outcome; reusable: boolean }> {
  const started = performance.now();
  return new Promise((resolve) => {
    let said = '';
    const crashed = (crash: string): void => done({ name: document.name, bytes: document.bytes, result: 'crashed', milliseconds: Math.round(performance.now() - started), crash }, false);
    const onMessage = (message: unknown): void => {
      const { outcome, rss } = message as { outcome: Outcome; rss: number };
      done(outcome, rss < STALE_BYTES);
    };
    const onSaid = (chunk: Buffer): void => { said = (said + chunk.toString()).slice(-4_000); };
    const onExit = (code: number | null, signal: string | null): void => crashed(`the process ended with ${code ?? signal}: ${/FATAL ERROR.*|Error:.*/.exec(said)?.[0] ?? said.slice(-300)}`);
    const timer = setTimeout(() => crashed(`no end after ${seconds} s`), seconds * 1000);
    const done = (outcome: Outcome, reusable: boolean): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('exit', onExit);
      worker.stderr!.off('data', onSaid).resume();
      resolve({ outcome, reusable });
    };
    worker.on('message', onMessage).on('exit', onExit);
    worker.stderr!.on('data', onSaid);
    worker.send({ document, types, calls } satisfies CorpusJob);
  });
}
