/** The schema engine: any dialect in; one dialect, validators and samples out. Knows no feature and no phase. */
export { SchemaReader } from './reader.js';
export { RememberingSchemaReader, type SchemaMemo } from './remembering-reader.js';
export { reference, referenceName } from './reference-name.js';
export type { Direction } from './direction.js';
export { SCHEMA_DIAGNOSTICS } from './diagnostics.js';
export { sampleOf, Sampler, quickSampleOf, type Sample } from './sample.js';
// Compiling loads Ajv, so those who do import './compile-validators.js' themselves: `gwc check` must start fast.
export type { ValidatorPlan, ValidatorRequest } from './validators.js';
