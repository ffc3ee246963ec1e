/** The schema engine: any dialect in; one dialect, validators and samples out. Knows no feature and no phase. */
export { SchemaReader } from './reader.js';
export { reference, referenceName } from './reference-name.js';
export type { Direction } from './direction.js';
export { SCHEMA_DIAGNOSTICS } from './diagnostics.js';
export { sampleOf } from './sample.js';
export { compileValidators, type ValidatorRequest } from './validators.js';
