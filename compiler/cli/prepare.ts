/** Starts what takes long to load, in threads of its own, before the command itself is loaded. Imports next to nothing, therefore. */
import { setFlagsFromString } from 'node:v8';
import { prepareValidation } from '../1-load/validate/thread.js';
import { prepareBundling } from '../5-bundle/thread.js';

/**
 * How much bytecode a function runs before V8 optimises it, for this process: V8's own 132 KiB is for servers. A build runs much code for a second or two, and
 * at V8's budget its compiler threads took as much of two cores as the build itself: see compiler/README.md.
 */
const OPTIMISE_AFTER = 2_000_000;

export function prepare(command: string | undefined): void {
  // Threads started from here on run under it too. `dev` goes on for hours, and serves.
  if (command === 'build' || command === 'check' || command === 'plan') setFlagsFromString(`--interrupt-budget=${OPTIMISE_AFTER}`);
  if (command === 'build' || command === 'dev') prepareBundling();
  if (command === 'build' || command === 'dev' || command === 'check' || command === 'plan') prepareValidation();
}
