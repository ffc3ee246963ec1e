/** `arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<function>/invocations`, with what a template or a stage leaves open. */
import type { ReferencePart } from './call.js';

export interface FunctionUri {
  readonly region: string;
  /** ARN or name of the function as written. */
  readonly reference: string;
  /** The path is that of InvokeWithResponseStream. */
  readonly streams: boolean;
}

/** 'other': an integration of AWS that is no synchronous Lambda invocation. A sentence says what is wrong. */
export function parseFunctionUri(uri: string): FunctionUri | 'other' | { readonly problem: string } {
  const text = uri.trim();
  const gateway = /^arn:[^:]+:apigateway:([^:]*|\$\{[^}]*\}):([^:]+):(.*)$/.exec(text);
  if (gateway) {
    const [, region, service, rest] = gateway as unknown as [string, string, string, string];
    if (service.toLowerCase() !== 'lambda') return 'other';
    const streaming = /^path\/2021-11-15\/functions\/(.+)\/response-streaming-invocations\/?$/.exec(rest);
    const path = streaming ?? /^path\/2015-03-31\/functions\/(.+)\/invocations\/?$/.exec(rest);
    if (!path) return { problem: /^(path|action)\//.test(rest) ? `'${rest}' is no path of an invocation` : 'AWS ARN for integration must contain path or action' };
    return { region: region.startsWith('${') ? '' : region, reference: path[1]!, streams: streaming !== null };
  }
  // HTTP APIs take the function's ARN alone; templates often leave nothing but its placeholder.
  if (/^arn:[^:]+:lambda:[^:]*:[^:]*:function:./.test(text) || /^\$\{[^}]+\}(?::[^:]+)?$/.test(text)) return { region: '', reference: text, streams: false };
  return { problem: text === '' ? 'the uri is empty' : text.startsWith('arn:') ? `${text} names no Lambda function` : `${text} is no ARN` };
}

/** Whether the uri is about Lambda at all: other services have `aws` integrations too. */
export function namesFunction(uri: string): boolean {
  return /^arn:[^:]+:apigateway:[^:]*(?:\$\{[^}]*\})?[^:]*:lambda:/i.test(uri.trim()) || /^arn:[^:]+:lambda:/.test(uri.trim());
}

/** `placeholder`: what a template left open, without value in this build. */
export interface ParsedReference { readonly parts: readonly ReferencePart[]; readonly name: string; readonly placeholder: string | undefined; readonly hasVariables: boolean }

export function parseReference(reference: string): ParsedReference {
  const parts: ReferencePart[] = [];
  let last = 0, placeholder: string | undefined;
  const text = (value: string): void => { if (value !== '') parts.push({ kind: 'text', text: value }); };
  for (const match of reference.matchAll(/\$\{([^{}]*)\}/g)) {
    const variable = /^stageVariables\.([A-Za-z0-9_]+)$/.exec(match[1]!.trim());
    if (!variable) { placeholder ??= match[1]!.trim(); continue; }
    text(reference.slice(last, match.index));
    parts.push({ kind: 'stageVariable', name: variable[1]! });
    last = match.index + match[0].length;
  }
  text(reference.slice(last));
  return { parts, name: functionName(reference), placeholder, hasVariables: parts.some((part) => part.kind === 'stageVariable') };
}

/** The name in an ARN, without qualifier; the logical id where a template's reference stands for the whole of it (`${ListUsers.Arn}`). */
function functionName(reference: string): string {
  const afterFunction = /(?:^|:)function:(.*)$/.exec(reference)?.[1] ?? reference;
  // The qualifier follows the first colon that is not inside a placeholder (AWS::Region has two).
  const name = /^(?:\$\{[^}]*\}|[^:$]|\$(?!\{))+/.exec(afterFunction)?.[0] ?? afterFunction;
  const logical = /^\$\{\s*([A-Za-z0-9]+)(?:\.[A-Za-z.]+)?\s*\}$/.exec(name);
  return logical && logical[1] !== 'stageVariables' ? logical[1]! : name;
}
