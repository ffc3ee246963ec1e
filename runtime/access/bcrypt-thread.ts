/**
 * bcrypt in a thread of its own, one for the process: a check takes from 2 ms to seconds of computing, in which requests go on. It is begun with the first
 * check, and keeps no process from ending.
 */
import { Worker } from 'node:worker_threads';
import { bcryptProgram } from './bcrypt-package.js';

/** In the thread: package, then `{id, password, hash}` → `{id, isRight}`. */
const PROGRAM = (bcrypt: string): string => `const module = { exports: {} };
(function (module, exports, require) {${bcrypt}\n})(module, module.exports, (name) => process.getBuiltinModule(name));
const { compareSync } = module.exports;
const { parentPort } = process.getBuiltinModule('node:worker_threads');
parentPort.on('message', ({ id, password, hash }) => {
  let isRight = false;
  try { isRight = compareSync(password, hash); } catch { /* it is not */ }
  parentPort.postMessage({ id, isRight });
});`;

interface Thread { readonly worker: Worker; readonly waiting: Map<number, (isRight: boolean) => void> }

const running: { thread: Thread | null; last: number } = { thread: null, last: 0 };

/** `hash`: `$2y$…`. Calls `done` once, later; with false, too, when the thread fails. */
export function verifyBcrypt(password: string, hash: string, done: (isRight: boolean) => void): void {
  const { worker, waiting } = running.thread ??= begin();
  const id = ++running.last;
  waiting.set(id, done);
  worker.postMessage({ id, password, hash });
}

function begin(): Thread {
  const worker = new Worker(PROGRAM(bcryptProgram()), { eval: true, name: 'bcrypt', env: {}, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 64 } });
  worker.unref();
  const thread: Thread = { worker, waiting: new Map() };
  worker.on('message', ({ id, isRight }: { id: number; isRight: boolean }) => {
    const done = thread.waiting.get(id);
    thread.waiting.delete(id);
    done?.(isRight === true);
  });
  // What it was asked is refused; the next check begins another.
  worker.on('error', () => { /* 'exit' follows */ });
  worker.on('exit', () => {
    if (running.thread === thread) running.thread = null;
    for (const done of thread.waiting.values()) done(false);
    thread.waiting.clear();
  });
  return thread;
}
