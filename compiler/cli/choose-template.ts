/** Which mapping template a request or an answer meets, as the gateway chooses, and what happens when it meets none (integrations.md §2, §6). */
import type { Integration, Operation } from '../ir.js';
import { selectionText } from '../../runtime/lambda/error-message.js';
import { selectByMessage, selectResponse } from '../integration/select-response.js';
import type { IntegrationResponse } from '../integration/read-responses.js';
import type { MappingTemplate } from '../integration/read-templates.js';

export interface Choice {
  readonly template?: MappingTemplate;
  /** Of answers: the integration response that was selected. */
  readonly response?: IntegrationResponse;
  /** Without a template: what goes on in place of its output. `nothing`: the request ends here, or something else is made of it. */
  readonly otherwise: 'payload' | 'empty' | 'nothing';
  /** Without a template: what happens instead. */
  readonly why: string;
}

export function chooseRequestTemplate(operation: Operation, contentType: string | undefined): Choice {
  const { integration } = operation;
  if (!isMapped(integration)) return unmapped(integration);
  const { requestTemplates: templates, passthrough } = integration;
  const type = mediaType(contentType) || 'application/json';
  const template = templates.find((each) => each.type === type) ?? templates.find((each) => each.type === '$default');
  if (template) return { template, otherwise: 'nothing', why: '' };
  const known = templates.map((each) => each.type).join(', ');
  if (passthrough === 'never' || (passthrough === 'when_no_templates' && templates.length > 0)) {
    return { otherwise: 'nothing', why: `no request template for ${type}${known === '' ? '' : ` (there is one for ${known})`} and passthroughBehavior is ${passthrough}: the gateway answers 415` };
  }
  const missing = known === '' ? 'no request templates' : `no request template for ${type} (there is one for ${known})`;
  return integration.kind === 'mock'
    ? { otherwise: 'nothing', why: `${missing}: the mock answers with its default response` }
    : { otherwise: 'payload', why: `${missing}: the body passes through as it is` };
}

/** `status`: what the backend answered; of a mock, the statusCode its request template gave. A function's answer is selected by its `errorMessage` in `body`. */
export function chooseResponseTemplate(operation: Operation, status: number, accept: string | undefined, body: string): Choice {
  const { integration } = operation;
  if (!isMapped(integration)) return unmapped(integration);
  const isMock = integration.kind === 'mock';
  const message = selectionText(body);
  const response = integration.kind === 'lambda' ? selectByMessage(integration.responses, message) : selectResponse(integration.responses, status, isMock);
  const matched = integration.kind === 'lambda' ? (message === '' ? 'a success' : `errorMessage "${message}"`) : String(status);
  if (!response) return { otherwise: 'nothing', why: `no integration response matches ${matched} and there is no default: the gateway answers 500` };
  if (!response.isDeclared) return { response, otherwise: 'nothing', why: `the integration response for ${matched} has status ${response.status}, which the operation does not declare: the gateway answers 500` };
  const type = mediaType(accept?.split(',', 1)[0]);
  const { templates } = response;
  const template = templates.find((each) => each.type === type) ?? templates.find((each) => each.type === 'application/json') ?? templates[0];
  if (template) return { template, response, otherwise: 'nothing', why: '' };
  return isMock
    ? { response, otherwise: 'empty', why: `the integration response for ${matched} has no template: the body is empty` }
    : { response, otherwise: 'payload', why: `the integration response for ${matched} has no template: the body passes through as it is` };
}

type Mapped = Integration & { readonly kind: 'mock' | 'http' | 'lambda' };

function isMapped(integration: Integration): integration is Mapped {
  return integration.kind === 'mock' || integration.kind === 'http' || integration.kind === 'lambda';
}

function unmapped(integration: Integration): Choice {
  switch (integration.kind) {
    case 'aws_proxy': return { otherwise: 'nothing', why: 'aws_proxy integrations have no mapping templates: the function gets the request as an event, and its answer goes to the client' };
    case 'examples': return { otherwise: 'nothing', why: 'the operation has no integration: it is answered from its examples and schemas' };
    case 'not_compiled': return { otherwise: 'nothing', why: `integrations of type ${integration.type} are not compiled yet: the operation answers 500` };
    default: return { otherwise: 'payload', why: 'http_proxy integrations have no mapping templates: bodies pass through as they are' };
  }
}

function mediaType(field: string | undefined): string {
  return (field ?? '').split(';', 1)[0]!.trim().toLowerCase();
}
