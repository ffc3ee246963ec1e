import { code, helper, join, type Code } from '../../code.js';
import type { Unit } from '../../feature.js';
import type { FunctionTarget, LambdaIntegration } from './ir.js';

const invoke = helper<typeof import('../../../runtime/lambda-invoke.js')>();
const local = helper<typeof import('../../../runtime/lambda-module.js')>();
const exec = helper<typeof import('../../../runtime/lambda-exec.js')>();
const dynamic = helper<typeof import('../../../runtime/lambda-by-variables.js')>();

/** The constant that calls the function, wherever it runs. */
export function emitFunction(name: string, part: LambdaIntegration, target: FunctionTarget | undefined, unit: Unit): Code {
  const reference = part.reference.map((item) => (item.kind === 'text' ? item.text : '')).join('') || name;
  return unit.constant(`${name} function`, emitTarget(name, reference, part.region, target, unit));
}

function emitTarget(name: string, reference: string, region: string, target: FunctionTarget | undefined, unit: Unit): Code {
  switch (target?.kind) {
    case undefined: case 'aws': return code`${invoke('lambda-invoke', 'invokeFunction')}(${reference}, "", ${region})`;
    case 'endpoint': return code`${invoke('lambda-invoke', 'invokeFunction')}(${isFunction(reference) ? reference : name}, ${target.url}, ${region})`;
    case 'module': return code`${local('lambda-module', 'moduleFunction')}(${name}, ${reference}, ${region}, ${unit.localFunction(target.file, target.exportName, target.origin)})`;
    case 'exec': return code`${exec('lambda-exec', 'execFunction')}(${name}, ${reference}, ${region}, ${target.command}, ${target.maximum})`;
    default: return target satisfies never;
  }
}

/** Stage variables choose the function for each stage: bound ones by name, others on AWS. */
export function emitFunctionByVariables(part: LambdaIntegration, unit: Unit): Code {
  const entries = Object.entries(part.targets).filter(([, target]) => target.kind !== 'aws')
    .map(([name, target]) => code`[${name}]: ${target.kind === 'endpoint' ? code`${target.url}` : unit.constant(`${name} function`, emitTarget(name, name, part.region, target, unit))}`);
  const bound = unit.constant('BOUND_FUNCTIONS', entries.length === 0 ? code`{}` : code`{ ${join(entries, ', ')} }`);
  const text = part.reference.map((item) => (item.kind === 'text' ? code`${item.text}` : code`(exchange.gateway.stageVariables[${item.name}] ?? "")`));
  return code`${dynamic('lambda-by-variables', 'functionByVariables')}(${join(text, ' + ')}, ${part.region}, ${bound})`;
}

/** A placeholder of a template is no name that an Invoke endpoint could be asked for. */
const isFunction = (reference: string): boolean => !reference.includes('${');
