import { code, EMPTY, helper, join, type Code } from '../code.js';
import type { Unit } from '../feature.js';
import { emitCredentials } from '../integration/credentials/emit.js';
import type { FunctionCall, FunctionTarget, Isolation } from './call.js';

const invoke = helper<typeof import('../../runtime/lambda/invoke.js')>();
const invokeStreaming = helper<typeof import('../../runtime/lambda/invoke-stream.js')>();
const local = helper<typeof import('../../runtime/lambda/module.js')>();
const localStream = helper<typeof import('../../runtime/lambda/module-stream.js')>();
const exec = helper<typeof import('../../runtime/lambda/exec.js')>();
const isolated = helper<typeof import('../../runtime/lambda/isolated.js')>();
const pools = helper<typeof import('../../runtime/lambda/pool/pool.js')>();
const pooled = helper<typeof import('../../runtime/lambda/pool/function.js')>();
const pooledStream = helper<typeof import('../../runtime/lambda/pool/stream.js')>();
const asynchronous = helper<typeof import('../../runtime/lambda/asynchronous.js')>();
const dynamic = helper<typeof import('../../runtime/lambda/by-variables.js')>();

/** `event`: `Invoke` with an object. `raw`: with a raw event, whose invocation type AWS sees to and a function on this machine needs seen to. `stream`: `InvokeStream`. */
export type CallMode = 'event' | 'raw' | 'stream';

/** The expression for the function, wherever it runs: a constant, or what stage variables choose for each request. */
export function emitInvoke(call: FunctionCall, unit: Unit, mode: CallMode = 'event'): Code {
  if (call.reference.some((item) => item.kind === 'stageVariable')) return emitFunctionByVariables(call, unit, mode);
  const reference = call.reference.map((item) => (item.kind === 'text' ? item.text : '')).join('') || call.functionName;
  return emitFunction(call.functionName, reference, call, call.targets[call.functionName], unit, mode);
}

function emitFunction(name: string, reference: string, call: FunctionCall, target: FunctionTarget | undefined, unit: Unit, mode: CallMode): Code {
  if (mode === 'stream') return unit.constant(`${name} stream`, emitStream(name, reference, call, target, unit));
  const called = unit.constant(`${name} function`, emitTarget(name, reference, call, target, unit));
  return mode === 'raw' && (target?.kind === 'module' || target?.kind === 'exec') ? unit.constant(`${name} invocations`, code`${asynchronous('lambda/asynchronous', 'withInvocationTypes')}(${called})`) : called;
}

function emitTarget(name: string, reference: string, call: FunctionCall, target: FunctionTarget | undefined, unit: Unit): Code {
  const { region } = call;
  switch (target?.kind) {
    case undefined: case 'aws': return code`${invoke('lambda/invoke', 'invokeFunction')}(${reference}, "", ${region}${emitRights(call, unit)})`;
    case 'endpoint': return code`${invoke('lambda/invoke', 'invokeFunction')}(${isFunction(reference) ? reference : name}, ${target.url}, ${region}${emitRights(call, unit)})`;
    case 'module':
      if (target.isolation === null) return code`${local('lambda/module', 'moduleFunction')}(${name}, ${reference}, ${region}, ${unit.localFunction(target.file, target.exportName, target.origin)})`;
      return code`${pooled('lambda/pool/function', 'pooledFunction')}(${emitThreads(name, reference, region, target, target.isolation, false, unit)})`;
    case 'exec': return code`${pooled('lambda/pool/function', 'pooledFunction')}(${emitPrograms(name, reference, region, target, unit)})`;
    default: return target satisfies never;
  }
}

function emitStream(name: string, reference: string, call: FunctionCall, target: FunctionTarget | undefined, unit: Unit): Code {
  const { region } = call;
  switch (target?.kind) {
    case undefined: case 'aws': return code`${invokeStreaming('lambda/invoke-stream', 'invokeStream')}(${reference}, "", ${region}${emitRights(call, unit)})`;
    case 'endpoint': return code`${invokeStreaming('lambda/invoke-stream', 'invokeStream')}(${isFunction(reference) ? reference : name}, ${target.url}, ${region}${emitRights(call, unit)})`;
    case 'module':
      if (target.isolation !== null) return code`${pooledStream('lambda/pool/stream', 'pooledStream')}(${emitThreads(name, reference, region, target, target.isolation, true, unit)})`;
      return code`${localStream('lambda/module-stream', 'moduleStream')}(${name}, ${reference}, ${region}, ${unit.localFunction(target.file, target.exportName, target.origin)})`;
    case 'exec': return code`${pooledStream('lambda/pool/stream', 'pooledStream')}(${emitPrograms(name, reference, region, target, unit)})`;
    default: return target satisfies never;
  }
}

/** Calls for a whole answer and for a stream share the threads. */
function emitThreads(name: string, reference: string, region: string, { file, exportName, origin }: FunctionTarget & { readonly kind: 'module' }, { memoryMb, maximum }: Isolation, streams: boolean, unit: Unit): Code {
  unit.atClose(code`${pools('lambda/pool/pool', 'closePools')}`);
  return unit.constant(`${name} threads`, code`${isolated('lambda/isolated', 'threads')}(${name}, ${reference}, ${region}, ${unit.localProgram(file, exportName, streams, origin)}, ${memoryMb}, ${maximum}, import.meta.url)`);
}

function emitPrograms(name: string, reference: string, region: string, target: FunctionTarget & { readonly kind: 'exec' }, unit: Unit): Code {
  unit.atClose(code`${pools('lambda/pool/pool', 'closePools')}`);
  return unit.constant(`${name} programs`, code`${exec('lambda/exec', 'programs')}(${name}, ${reference}, ${region}, ${target.command}, ${target.maximum})`);
}

/** Stage variables choose the function for each stage: bound ones by name, others on AWS. */
function emitFunctionByVariables(call: FunctionCall, unit: Unit, mode: CallMode): Code {
  const entries = Object.entries(call.targets).filter(([, target]) => target.kind !== 'aws')
    .map(([name, target]) => code`[${name}]: ${target.kind === 'endpoint' ? code`${target.url}` : emitFunction(name, name, call, target, unit, mode)}`);
  const bound = unit.constant(mode === 'event' ? 'BOUND_FUNCTIONS' : `BOUND_${mode}`, entries.length === 0 ? code`{}` : code`{ ${join(entries, ', ')} }`);
  const text = call.reference.map((item) => (item.kind === 'text' ? code`${item.text}` : code`(exchange.gateway.stageVariables[${item.name}] ?? "")`));
  const plain = mode === 'stream' ? invokeStreaming('lambda/invoke-stream', 'invokeStream') : invoke('lambda/invoke', 'invokeFunction');
  // One per role: functions that have been made are kept by what made them.
  const make = call.credentials.kind === 'own' ? plain : unit.constant('invoke as', code`(reference: string, endpoint: string, region: string) => ${plain}(reference, endpoint, region${emitRights(call, unit)})`);
  return code`${dynamic('lambda/by-variables', 'functionByVariables')}(${join(text, ' + ')}, ${call.region}, ${bound}, ${make})`;
}

/** The last parameter: the gateway's own keys are the default. */
function emitRights({ credentials, region }: FunctionCall, unit: Unit): Code {
  return credentials.kind === 'own' ? EMPTY : code`, ${emitCredentials(credentials, region, unit)}`;
}

/** A placeholder of a template is no name that an Invoke endpoint could be asked for. */
const isFunction = (reference: string): boolean => !reference.includes('${');
