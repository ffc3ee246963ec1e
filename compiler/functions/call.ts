/** A function that the gateway calls, for whatever reason, and where it runs: what every slice that calls functions has to agree on. */
import type { Origin } from '../diagnostics/define.js';
import type { Credentials } from '../integration/credentials/credentials.js';
import type { Api } from '../ir.js';

export interface FunctionCall {
  /** What bindings call the function: its name, or a template's logical id; with `${stageVariables.x}` as written. */
  readonly functionName: string;
  /** ARN or name, in parts: stage variables are known at run time only. */
  readonly reference: readonly ReferencePart[];
  /** Of the uri; '' when it has none. */
  readonly region: string;
  /** Functions that run elsewhere than on AWS, by name: this call's own, or every one when stage variables choose. */
  readonly targets: Readonly<Record<string, FunctionTarget>>;
  /** Whose rights it is invoked with on AWS. */
  readonly credentials: Credentials;
  /** The uri. */
  readonly origin: Origin;
}

export type ReferencePart = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'stageVariable'; readonly name: string };

/** Where a function runs. */
export type FunctionTarget =
  /** AWS, or what AWS_ENDPOINT_URL_LAMBDA says when the gateway starts. */
  | { readonly kind: 'aws'; readonly origin: Origin }
  | { readonly kind: 'endpoint'; readonly url: string; readonly origin: Origin }
  /** Compiled into the bundle. `file`: absolute; `written`: as the user wrote it. */
  | { readonly kind: 'module'; readonly file: string; readonly exportName: string; readonly written: string; readonly isolation: Isolation | null; readonly origin: Origin }
  /** A program that speaks the Lambda Runtime API, started by the gateway in its own working directory. */
  | { readonly kind: 'exec'; readonly command: readonly string[]; readonly maximum: number; readonly origin: Origin };

/** A module in threads of its own: the heap of each in MB, and how many of them at most. */
export interface Isolation { readonly memoryMb: number; readonly maximum: number }

/** The bindings a call may need: its own, or all of them when stage variables choose. */
export function targetsOf(name: string, hasVariables: boolean, bindings: Readonly<Record<string, FunctionTarget>>): Record<string, FunctionTarget> {
  const targets: Record<string, FunctionTarget> = {};
  for (const each of hasVariables ? Object.keys(bindings) : [name]) if (Object.hasOwn(bindings, each)) targets[each] = bindings[each]!;
  return targets;
}

/** The call with what `x-gwc.functions` and `--function` say about it. */
export function boundCall(call: Omit<FunctionCall, 'targets'>, api: Api): FunctionCall {
  const hasVariables = call.reference.some((part) => part.kind === 'stageVariable');
  return { ...call, targets: targetsOf(call.functionName, hasVariables, api.parts.lambda?.bindings ?? {}) };
}

/** Whether the function runs on this machine, so that nobody's rights on AWS matter. Not known where stage variables choose. */
export function runsHere({ functionName, reference, targets }: FunctionCall): boolean {
  const kind = targets[functionName]?.kind;
  return (kind === 'module' || kind === 'exec') && !reference.some((part) => part.kind === 'stageVariable');
}
