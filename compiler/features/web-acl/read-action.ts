/** Actions of rules: Block, Allow, Count, with their custom response or request handling. */
import type { Node } from '../../1-load/node.js';
import { NOT_AVAILABLE } from './diagnostics.js';
import type { Context } from './context.js';
import type { Action } from './ir.js';
import { checkMembers, problem, textOf, wholeNumber } from './members.js';

const CONTENT_TYPES: Readonly<Record<string, string>> = { TEXT_PLAIN: 'text/plain', TEXT_HTML: 'text/html', APPLICATION_JSON: 'application/json' };
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;

const ACTIONS = ['Allow', 'Block', 'Count', 'Captcha', 'Challenge'];

/** `allowed`: which of the actions may stand there. */
export function readAction(node: Node, owner: string, allowed: readonly string[], context: Context): Action | undefined {
  const { reporter } = context;
  checkMembers(node, owner, ACTIONS, reporter);
  const [name, ...others] = node.entries().map(([key]) => key);
  if (name === undefined || others.length > 0) return problem(node, `${owner} must be one of ${allowed.join(', ')}`, reporter);
  const action = node.get(name)!;
  if (name === 'Captcha' || name === 'Challenge') {
    reporter.report(NOT_AVAILABLE, action.keyOrigin, { what: `the action ${name}`, why: "its puzzles and tokens are a service of AWS's", hint: 'write Block or Count' });
    return undefined;
  }
  if (!ACTIONS.includes(name)) return undefined;
  if (!allowed.includes(name)) return problem(action, `${owner} must be one of ${allowed.join(', ')}`, reporter);
  if (name === 'Block') {
    checkMembers(action, 'Block', ['CustomResponse'], reporter);
    const response = action.get('CustomResponse');
    const read = response && readResponse(response, context);
    return response && !read ? undefined : { kind: 'block', response: read ?? null };
  }
  checkMembers(action, name, ['CustomRequestHandling'], reporter);
  const handling = action.get('CustomRequestHandling');
  const insert = handling ? readInsertions(handling, context) : [];
  return insert && { kind: name === 'Allow' ? 'allow' : 'count', insert };
}

function readInsertions(node: Node, { reporter }: Context): string[] | undefined {
  checkMembers(node, 'CustomRequestHandling', ['InsertHeaders'], reporter);
  const fields = readFields(node, 'InsertHeaders', reporter);
  // WAF puts its prefix before every name, so that no field of the application's own can be set.
  return fields?.map((text, index) => (index % 2 === 0 ? `x-amzn-waf-${text}` : text));
}

function readFields(node: Node, name: string, reporter: Context['reporter']): string[] | undefined {
  const list = node.get(name);
  if (list === undefined) return [];
  if (!list.isArray) return problem(list, `${name} must be a list of {Name, Value}`, reporter);
  const fields: string[] = [];
  for (const item of list.items()) {
    const entry = item.follow();
    checkMembers(entry, name, ['Name', 'Value'], reporter);
    const field = textOf(entry, 'Name', name, reporter), value = textOf(entry, 'Value', name, reporter);
    if (field === undefined || value === undefined) return undefined;
    if (!FIELD_NAME.test(field) || /[^\t\x20-\x7e]/.test(value) || value.length > 255) return problem(entry, `${field.slice(0, 80)} cannot be sent as a field`, reporter, 'names are tokens of at most 64 characters, values printable ASCII of at most 255');
    fields.push(field, value);
  }
  return fields;
}

function readResponse(node: Node, { reporter, customBodies }: Context): { status: number; fields: string[]; body: string } | undefined {
  checkMembers(node, 'CustomResponse', ['ResponseCode', 'CustomResponseBodyKey', 'ResponseHeaders'], reporter);
  const status = wholeNumber(node, 'ResponseCode', 'CustomResponse', 200, 599, reporter);
  const fields = readFields(node, 'ResponseHeaders', reporter);
  if (status === undefined || !fields) return undefined;
  const key = node.string('CustomResponseBodyKey');
  if (key === undefined) return { status, fields, body: '' };
  const entry = customBodies?.get(key);
  if (!entry) return problem(node.at('CustomResponseBodyKey')!, `there is no '${key.slice(0, 100)}' in CustomResponseBodies`, reporter);
  const of = objectMembers(entry, reporter);
  return of && { status, fields: ['Content-Type', of.type, ...fields], body: of.content };
}

function objectMembers(entry: Node, reporter: Context['reporter']): { type: string; content: string } | undefined {
  checkMembers(entry, 'a custom response body', ['ContentType', 'Content'], reporter);
  const type = textOf(entry, 'ContentType', 'a custom response body', reporter);
  const content = textOf(entry, 'Content', 'a custom response body', reporter);
  if (type === undefined || content === undefined) return undefined;
  if (!Object.hasOwn(CONTENT_TYPES, type)) return problem(entry, `ContentType must be one of ${Object.keys(CONTENT_TYPES).join(', ')}`, reporter);
  return { type: CONTENT_TYPES[type]!, content };
}

