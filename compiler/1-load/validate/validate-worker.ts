/** Entry of the validator thread. */
import { work } from '../../background-thread.js';
import { validateCopy } from './validate-copy.js';

work(validateCopy);
// It loads the parser with the first job at the latest; nothing keeps it from doing so before.
void import('@apidevtools/swagger-parser');
