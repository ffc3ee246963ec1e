import { mockStatus } from '../../../runtime/integration/mock-status.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { RawOperation } from '../../feature.js';
import { checkTemplatesOnBytes, readPayloadRules } from '../../integration/content-handling.js';
import { readIntegrationResponses } from '../../integration/read-responses.js';
import { readTemplates } from '../../integration/read-templates.js';
import { NO_RESPONSES, NO_STATUS } from './diagnostics.js';
import type { MockIntegration } from './ir.js';

export function readMock(raw: RawOperation, reporter: Reporter): MockIntegration | undefined {
  const node = raw.node.get('x-amazon-apigateway-integration');
  if (node?.string('type')?.toLowerCase() !== 'mock') return undefined;
  const requestTemplates = readTemplates(node.get('requestTemplates'), reporter, true);
  for (const template of requestTemplates) {
    const status = template.constant === null ? 200 : mockStatus(template.constant);
    if (typeof status === 'string') reporter.report(NO_STATUS, template.origin, { problem: status });
  }
  const responses = readIntegrationResponses(node, raw.responses, reporter);
  if (responses.length === 0) reporter.report(NO_RESPONSES, node.keyOrigin, {});
  const passthrough = node.string('passthroughBehavior')?.toLowerCase();
  const payload = readPayloadRules(node, raw.api);
  checkTemplatesOnBytes(payload, requestTemplates, 'request', reporter);
  return {
    kind: 'mock',
    requestTemplates,
    passthrough: passthrough === 'never' || passthrough === 'when_no_templates' ? passthrough : 'when_no_match',
    payload,
    responses,
    origin: node.origin,
  };
}
