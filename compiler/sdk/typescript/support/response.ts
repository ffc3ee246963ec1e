/** From a fetch Response to a result. */
import { contentKind, type ContentKind } from './content-kind.js';
import { ResponseFormatError } from './errors.js';
import { gatewayFault, requestIdOf } from './gateway-fault.js';
import type { OperationSpec } from './operation.js';
import type { AnyResult, Answer } from './result.js';

export async function readResult(operation: OperationSpec, method: string, response: Response): Promise<AnyResult> {
  const { responses } = operation;
  const { status, headers } = response;
  const declared = [`${status}`, `${status}`[0] + 'XX'].find((key) => Object.hasOwn(responses, key));
  const ok = response.ok && (declared !== undefined || !Object.keys(responses).some((key) => key.startsWith('2')));
  const answer = { status, headers, requestId: requestIdOf(headers), operation: operation.id };
  const body = method === 'HEAD' || [204, 205, 304].includes(status) ? undefined : await (operation.read ?? readBody)(response, responses[declared ?? 'default'] ?? [], ok && answer, operation, declared);
  return ok ? { ok, body, ...answer } : { ok: false, body, ...answer, gateway: gatewayFault(status, headers, body) };
}

/** A success that is not of a declared kind throws; a failure is given as what it is. */
export async function readBody(response: Response, declared: readonly ContentKind[], success: Omit<Answer<number, unknown>, 'body'> | false): Promise<unknown> {
  const type = response.headers.get('content-type');
  const actual = type ? contentKind(type) : undefined;
  const kind = actual && (declared.includes(actual) || !success) ? actual : (declared[0] ?? actual);
  if (kind === 'stream') return response.body ?? undefined;
  if (kind === 'binary') return response.blob();
  const text = await response.text();
  if (kind === 'text') return text;
  if (!text && !(success && declared[0])) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    if (success && kind) throw new ResponseFormatError(success, text, cause);
    return text;
  }
}
