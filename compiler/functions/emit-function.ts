import { code, helper, join, type Code } from '../code.js';
import type { Unit } from '../feature.js';
import type { FunctionCall, FunctionTarget } from './call.js';

const invoke = helper<typeof import('../../runtime/lambda-invoke.js')>();
const local = helper<typeof import('../../runtime/lambda-module.js')>();
const exec = helper<typeof import('../../runtime/lambda-exec.js')>();
const isolated = helper<typeof import('../../runtime/lambda-isolated.js')>();
const pools = helper<typeof import('../../runtime/lambda-pool/pool.js')>();
const asynchronous = helper<typeof import('../../runtime/lambda-asynchronous.js')>();
const dynamic = helper<typeof import('../../runtime/lambda-by-variables.js')>();

/** The expression for what calls the function, wherever it runs. `raw`: with raw events, whose invocation type AWS sees to and a function on this machine needs seen to. */
export function emitInvoke(part: FunctionCall, unit: Unit, raw = false): Code {
  if (part.reference.some((item) => item.kind === 'stageVariable')) return emitFunctionByVariables(part, unit, raw);
  const reference = part.reference.map((item) => (item.kind === 'text' ? item.text : '')).join('') || part.functionName;
  return emitFunction(part.functionName, reference, part.region, part.targets[part.functionName], unit, raw);
}

function emitFunction(name: string, reference: string, region: string, target: FunctionTarget | undefined, unit: Unit, raw: boolean): Code {
  const called = unit.constant(`${name} function`, emitTarget(name, reference, region, target, unit));
  return raw && (target?.kind === 'module' || target?.kind === 'exec') ? unit.constant(`${name} invocations`, code`${asynchronous('lambda-asynchronous', 'withInvocationTypes')}(${called})`) : called;
}

function emitTarget(name: string, reference: string, region: string, target: FunctionTarget | undefined, unit: Unit): Code {
  switch (target?.kind) {
    case undefined: case 'aws': return code`${invoke('lambda-invoke', 'invokeFunction')}(${reference}, "", ${region})`;
    case 'endpoint': return code`${invoke('lambda-invoke', 'invokeFunction')}(${isFunction(reference) ? reference : name}, ${target.url}, ${region})`;
    case 'module': {
      const { file, exportName, isolation, origin } = target;
      if (isolation === null) return code`${local('lambda-module', 'moduleFunction')}(${name}, ${reference}, ${region}, ${unit.localFunction(file, exportName, origin)})`;
      unit.atClose(code`${pools('lambda-pool/pool', 'closePools')}`);
      return code`${isolated('lambda-isolated', 'isolatedFunction')}(${name}, ${reference}, ${region}, ${unit.localProgram(file, exportName, origin)}, ${isolation.memoryMb}, ${isolation.maximum}, import.meta.url)`;
    }
    case 'exec':
      unit.atClose(code`${pools('lambda-pool/pool', 'closePools')}`);
      return code`${exec('lambda-exec', 'execFunction')}(${name}, ${reference}, ${region}, ${target.command}, ${target.maximum})`;
    default: return target satisfies never;
  }
}

/** Stage variables choose the function for each stage: bound ones by name, others on AWS. */
function emitFunctionByVariables(part: FunctionCall, unit: Unit, raw: boolean): Code {
  const entries = Object.entries(part.targets).filter(([, target]) => target.kind !== 'aws')
    .map(([name, target]) => code`[${name}]: ${target.kind === 'endpoint' ? code`${target.url}` : emitFunction(name, name, part.region, target, unit, raw)}`);
  const bound = unit.constant(raw ? 'BOUND_RAW' : 'BOUND_FUNCTIONS', entries.length === 0 ? code`{}` : code`{ ${join(entries, ', ')} }`);
  const text = part.reference.map((item) => (item.kind === 'text' ? code`${item.text}` : code`(exchange.gateway.stageVariables[${item.name}] ?? "")`));
  return code`${dynamic('lambda-by-variables', 'functionByVariables')}(${join(text, ' + ')}, ${part.region}, ${bound})`;
}

/** A placeholder of a template is no name that an Invoke endpoint could be asked for. */
const isFunction = (reference: string): boolean => !reference.includes('${');
