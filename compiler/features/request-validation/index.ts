import { hasNestedItems } from '../../checks/nested-items.js';
import type { Feature } from '../../feature.js';
import * as diagnostics from './diagnostics.js';
import { emitAwsValidation } from './emit-aws.js';
import { emitFullValidation, looksIntoBody } from './emit-full.js';
import type { RequestValidationPart } from './ir.js';
import { readRequestValidation } from './read.js';

/** Requests that do not match the document are answered 400 (415 for a body of another type) before anything else sees them. */
export const requestValidation: Feature<RequestValidationPart> = {
  key: 'requestValidation',
  stage: 'validate',
  diagnostics,
  read: readRequestValidation,
  check(api, reporter) {
    for (const { parts: { requestValidation: part } } of api.operations) {
      if (part?.rules !== 'full') continue;
      for (const parameter of part.parameters) if (hasNestedItems(parameter, api.schemas)) reporter.report(diagnostics.NESTED_ITEMS, parameter.origin, { name: parameter.name });
    }
  },
  needsRequestBody: (part) => (part.rules === 'aws' ? part.models.length > 0 : looksIntoBody(part)),
  hasRequestStep: (part) => part.rules === 'aws' || part.body !== undefined || part.parameters.some((parameter) => parameter.in !== 'path' || parameter.required),
  summary(part) {
    const what = part.rules === 'aws'
      ? [...(part.parameters.length > 0 ? [`required: ${part.parameters.map(({ name }) => name).join(', ')}`] : []), ...part.models.map(({ type }) => `model for ${type}`)]
      : [...part.parameters.map(({ name }) => name), ...(part.body ? [`body: ${part.body.content.map(({ type }) => type).join(', ') || 'any'}`] : [])];
    return `${part.mode === 'report' ? 'report' : 'validate'} ${what.join('; ')}`;
  },
  emit: (part, operation, unit) => (part.rules === 'aws' ? emitAwsValidation(part, operation, unit) : emitFullValidation(part, operation, unit)),
};
