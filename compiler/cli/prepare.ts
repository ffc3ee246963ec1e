/** Starts what takes long to load, in threads of its own, before the command itself is loaded. Imports next to nothing, therefore. */
import { prepareValidation } from '../1-load/validate/thread.js';
import { prepareBundling } from '../5-bundle/thread.js';

export function prepare(command: string | undefined): void {
  if (command === 'build' || command === 'dev') prepareBundling();
  if (command === 'build' || command === 'dev' || command === 'check' || command === 'plan') prepareValidation();
}
