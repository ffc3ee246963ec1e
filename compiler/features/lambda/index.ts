import type { Feature } from '../../feature.js';
import { runsHere, type FunctionCall, type FunctionTarget } from '../../functions/call.js';
import { isAnonymous } from '../../integration/credentials/check.js';
import { credentialsText } from '../../integration/credentials/credentials.js';
import { checkFunctions } from './check.js';
import * as diagnostics from './diagnostics.js';
import { emitLambda } from './emit.js';
import { emitLambdaCustom } from './emit-custom.js';
import type { LambdaCustomIntegration, LambdaIntegration, LambdaPart } from './ir.js';
import { readLambdaCustom, readLambdaIntegration, readLambdaPart } from './read.js';

/** `aws_proxy` and `aws` integrations with Lambda functions: on AWS, at any Invoke endpoint, compiled in, or as programs of their own. */
export const lambda: Feature<LambdaIntegration | LambdaCustomIntegration, LambdaPart> = {
  key: 'lambda',
  stage: 'integrate',
  integrationKinds: ['aws_proxy', 'lambda'],
  diagnostics,
  readApi: readLambdaPart,
  readIntegration: (raw, reporter) => readLambdaIntegration(raw, reporter) ?? readLambdaCustom(raw, reporter),
  check: checkFunctions,
  needsRequestBody: (part, operation) => part.isCallable && !isAnonymous(part, operation),
  summary: (part) => `${part.kind === 'lambda' ? 'aws' : 'aws_proxy'} ${part.functionName || '(no function)'}${part.kind === 'lambda' || part.format === 'rest' ? '' : `, format ${part.format}`} (${part.timeoutMs} ms)${part.kind === 'aws_proxy' && part.streams ? ', streamed' : ''}, ${place(part)}${runsHere(part) ? '' : credentialsText(part.credentials)}`,
  emit: (part, operation, unit) => (part.kind === 'lambda' ? emitLambdaCustom(part, operation, unit) : emitLambda(part, operation, unit)),
};

function place(part: FunctionCall): string {
  const targets = Object.entries(part.targets);
  if (part.reference.some((item) => item.kind === 'stageVariable')) return `chosen by stage variables${targets.length === 0 ? '' : ` (${targets.map(([name, target]) => `${name} ${where(target)}`).join(', ')})`}`;
  return targets.length === 0 ? 'on AWS' : where(targets[0]![1]);
}

function where(target: FunctionTarget): string {
  switch (target.kind) {
    case 'aws': return 'on AWS';
    case 'endpoint': return `at ${target.url}`;
    case 'module': return `compiled in from ${target.written}${target.isolation === null ? '' : `, in threads with ${target.isolation.memoryMb} MB (at most ${target.isolation.maximum})`}`;
    case 'exec': return `run by ${target.command.join(' ')} (at most ${target.maximum})`;
    default: return target satisfies never;
  }
}
