import { isStream } from '../../checks/media-types.js';
import { validationSettings } from '../../checks/validation-settings.js';
import type { Feature } from '../../feature.js';
import * as diagnostics from './diagnostics.js';
import { emitResponseValidation } from './emit.js';
import type { ResponseValidationPart } from './ir.js';

/** `x-gwc-validation: {response: report | enforce}`: what a backend answers is held against the declared responses. Off unless asked for. */
export const responseValidation: Feature<ResponseValidationPart> = {
  key: 'responseValidation',
  stage: 'validateResponse',
  diagnostics,
  read(raw, reporter) {
    const { response, errors } = validationSettings(raw.api.root, raw.node, raw.api.flavour);
    if (response === 'off') return undefined;
    if (raw.responses.length === 0) {
      reporter.report(diagnostics.NO_DECLARED_RESPONSES, raw.node.keyOrigin, {});
      return undefined;
    }
    // What never ends cannot be held back until it has been checked.
    const streams = raw.responses.flatMap(({ content }) => content.filter(({ type, itemSchema }) => isStream(type) || (itemSchema !== undefined && /^multipart\//i.test(type))).map(({ type }) => type));
    if (streams.length > 0) {
      reporter.report(diagnostics.STREAMED_RESPONSES, raw.node.keyOrigin, { types: [...new Set(streams)].join(', ') });
      return undefined;
    }
    return { mode: response, errors, responses: raw.responses };
  },
  needsResponseBody: () => true,
  summary: (part) => `${part.mode === 'report' ? 'report' : 'validate'} responses ${part.responses.map(({ status }) => status).join(', ')}`,
  emitResponse: emitResponseValidation,
};
