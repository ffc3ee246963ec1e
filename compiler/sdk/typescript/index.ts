/** The TypeScript emitter. */
export { emitTypescript } from './emit.js';
