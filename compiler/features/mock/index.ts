import type { Feature } from '../../feature.js';
import * as diagnostics from './diagnostics.js';
import { emitMock, isDynamic } from './emit.js';
import type { MockIntegration } from './ir.js';
import { readMock } from './read.js';

/** `mock` integrations (integrations.md §7). */
export const mock: Feature<MockIntegration> = {
  key: 'mock',
  stage: 'integrate',
  integrationKinds: ['mock'],
  diagnostics,
  readIntegration: readMock,
  needsRequestBody: isDynamic,
  summary: (part) => `mock → ${part.responses.map((response) => response.status).join(', ') || '500'}${isDynamic(part) ? ', by request template' : ''}`,
  emit: emitMock,
};
