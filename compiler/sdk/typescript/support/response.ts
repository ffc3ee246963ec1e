/** From a fetch Response to a result. */
import { contentKind, type ContentKind } from './content-kind.js';
import { ResponseFormatError } from './errors.js';
import { gatewayFault, requestIdOf } from './gateway-fault.js';
import type { OperationSpec } from './operation.js';
import type { AnyResult } from './result.js';

export async function readResult(operation: OperationSpec, method: string, response: Response): Promise<AnyResult> {
  const { status, headers } = response;
  const { responses, id } = operation;
  const range = `${Math.floor(status / 100)}XX`;
  const declared = [String(status), range].find((key) => Object.hasOwn(responses, key));
  const successDeclared = Object.keys(responses).some((key) => key.startsWith('2'));
  const ok = response.ok && (declared !== undefined || !successDeclared);
  const requestId = requestIdOf(headers);
  const kinds = responses[declared ?? 'default'] ?? [];
  const empty = method === 'HEAD' || [204, 205, 304].includes(status);
  const body = empty ? undefined : await readBody(response, kinds, ok ? (text, message, cause) => new ResponseFormatError(id, status, text, requestId, message, { cause }) : undefined);
  const answer = { status, body, headers, requestId, operation: id };
  return ok ? { ok, ...answer } : { ok: false, ...answer, gateway: gatewayFault(status, headers, body) };
}

/** `fault` set: a body that is not of a declared kind throws. Otherwise it is given as what it is. */
async function readBody(response: Response, declared: readonly ContentKind[], fault: ((text: string, message: string, cause?: unknown) => Error) | undefined): Promise<unknown> {
  const type = response.headers.get('content-type');
  const actual = type === null ? undefined : contentKind(type);
  const kind = declared.length === 0 || (actual && (declared.includes(actual) || !fault)) ? actual : declared[0];
  if (kind === 'stream') return response.body ?? undefined;
  if (kind === 'binary') return response.blob();
  const text = await response.text();
  if (kind === 'text' || (text === '' && !(declared.length > 0 && fault))) return kind === 'text' ? text : undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    if (kind === 'json' && fault) throw fault(text, `the body (${type}) is not JSON`, cause);
    return text;
  }
}
