import type { Response } from '../../ir.js';

export interface ResponseValidationPart { readonly mode: 'enforce' | 'report'; readonly responses: readonly Response[] }
