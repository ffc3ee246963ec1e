/** Starts what takes long to load, in threads of its own, before the command itself is loaded. Imports next to nothing, therefore. */
import { setFlagsFromString } from 'node:v8';
import { prepareValidation } from '../1-load/validate/thread.js';
import { prepareBundling } from '../5-bundle/thread.js';

/**
 * When V8 optimises a function, for this process: its own figures are for servers. A build runs much code for a second or two, and V8's compiler threads took as
 * much of two cores as the build itself: see compiler/README.md. V8 11 (Node 20) counts bytes of bytecode (132 KiB), later ones calls (3 000). One that knows
 * neither name goes without.
 */
const OPTIMISE_LATE = process.versions.v8.startsWith('11.') ? '--interrupt-budget=2000000' : /^1[2-4]\./.test(process.versions.v8) ? '--invocation-count-for-turbofan=30000' : '';

export function prepare(command: string | undefined): void {
  // Threads started from here on run under it too. `dev` goes on for hours, and serves.
  if (OPTIMISE_LATE !== '' && (command === 'build' || command === 'check' || command === 'plan')) setFlagsFromString(OPTIMISE_LATE);
  if (command === 'build' || command === 'dev') prepareBundling();
  if (command === 'build' || command === 'dev' || command === 'check' || command === 'plan') prepareValidation();
}
