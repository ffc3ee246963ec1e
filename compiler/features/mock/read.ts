import type { Reporter } from '../../diagnostics/report.js';
import type { RawOperation } from '../../feature.js';
import { readIntegrationResponses } from '../../integration/read-responses.js';
import { isConstantTemplate, mockStatus } from './constant-template.js';
import { NO_RESPONSES, NO_STATUS, TEMPLATE_NOT_COMPILED } from './diagnostics.js';
import type { MockIntegration } from './ir.js';

export function readMock(raw: RawOperation, reporter: Reporter): MockIntegration | undefined {
  const node = raw.node.get('x-amazon-apigateway-integration');
  if (node?.string('type')?.toLowerCase() !== 'mock') return undefined;
  const requestStatus: { type: string; status: number | null }[] = [];
  for (const [type, template] of node.get('requestTemplates')?.entries() ?? []) {
    if (typeof template.value !== 'string') continue;
    if (!isConstantTemplate(template.value)) {
      const guess = /["']?statusCode["']?\s*:\s*(\d{3})\b/.exec(template.value);
      reporter.report(TEMPLATE_NOT_COMPILED, template.origin, { what: 'the request template', effect: `its first statusCode (${guess?.[1] ?? '200'}) is taken` });
      requestStatus.push({ type: type.toLowerCase(), status: Number(guess?.[1] ?? 200) });
      continue;
    }
    const status = mockStatus(template.value);
    if (typeof status === 'string') reporter.report(NO_STATUS, template.origin, { problem: status });
    requestStatus.push({ type: type.toLowerCase(), status: typeof status === 'number' ? status : null });
  }
  const responses = readIntegrationResponses(node, reporter);
  if (responses.length === 0) reporter.report(NO_RESPONSES, node.keyOrigin, {});
  for (const response of responses) for (const [mime, template] of Object.entries(response.templates)) {
    if (isConstantTemplate(template)) continue;
    const at = { file: response.origin.file, pointer: `${response.origin.pointer}/responseTemplates/${mime.replace(/~/g, '~0').replace(/\//g, '~1')}` };
    reporter.report(TEMPLATE_NOT_COMPILED, at, { what: 'the response template', effect: 'the answer has no body' });
  }
  const passthrough = node.string('passthroughBehavior')?.toLowerCase();
  return {
    kind: 'mock',
    requestStatus,
    passthrough: passthrough === 'never' || passthrough === 'when_no_templates' ? passthrough : 'when_no_match',
    responses,
    origin: node.origin,
  };
}
