/** Entry of the validator thread. */
import { availableParallelism } from 'node:os';
import { work } from '../../background-thread.js';
import { validateCopy } from './validate-copy.js';

work(validateCopy);

// While the main thread still reads the document, an empty one is validated: the first validation takes twice as long as the next ones.
if (availableParallelism() > 1) void validateCopy({ text: '{"openapi":"3.0.3","info":{"title":"","version":""},"paths":{}}', version: '3.0' });
