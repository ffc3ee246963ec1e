/** Phase 1: from a path to a Document. */
export { loadDocument, type LoadOptions } from './load.js';
export { normalisedDocument } from './normalised-document.js';
export { readParams } from './placeholders/params-file.js';
export { prepareValidation } from './validate/thread.js';
export { unexplained } from './validate/unexplained.js';
export { validateDocument } from './validate/validate-document.js';
