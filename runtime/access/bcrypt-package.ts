/** bcryptjs as the text of a program, for a thread of its own. In a bundle this module is replaced by one that holds the text instead of looking for the package. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A CommonJS module. */
export function bcryptProgram(): string {
  return readFileSync(createRequire(import.meta.url).resolve('bcryptjs'), 'utf8');
}
