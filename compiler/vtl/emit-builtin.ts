/** `$input.…` and `$util.…` as direct calls. */
import { code, helper } from '../code.js';
import { JsonPathError } from '../../runtime/vtl/jsonpath/path.js';
import { parseJsonPath } from '../../runtime/vtl/jsonpath/parse.js';
import { emitPath, simpleSteps } from '../jsonpath/emit.js';
import { constantOf } from './emit-expression.js';
import type { Surroundings, Typed } from './emit-expression.js';
import type { Expression, Step } from './parse.js';

const H = {
  inputPath: helper<typeof import('../../runtime/vtl/input.js')>()('vtl/input', 'inputPath'),
  inputJson: helper<typeof import('../../runtime/vtl/input.js')>()('vtl/input', 'inputJson'),
  inputQuery: helper<typeof import('../../runtime/vtl/input.js')>()('vtl/input', 'inputQuery'),
  inputQueryJson: helper<typeof import('../../runtime/vtl/input.js')>()('vtl/input', 'inputQueryJson'),
  inputPathOf: helper<typeof import('../../runtime/vtl/input.js')>()('vtl/input', 'inputPathOf'),
  inputJsonOf: helper<typeof import('../../runtime/vtl/input.js')>()('vtl/input', 'inputJsonOf'),
  inputParam: helper<typeof import('../../runtime/vtl/input.js')>()('vtl/input', 'inputParam'),
};

const U = helper<typeof import('../../runtime/vtl/util-functions.js')>();
export const UTIL_FUNCTIONS = {
  escapeJavaScript: U('vtl/util-functions', 'escapeJavaScript'),
  parseJson: U('vtl/util-functions', 'parseJson'),
  urlEncode: U('vtl/util-functions', 'urlEncode'),
  urlDecode: U('vtl/util-functions', 'urlDecode'),
  base64Encode: U('vtl/util-functions', 'base64Encode'),
  base64Decode: U('vtl/util-functions', 'base64Decode'),
} as const;

type Emit = (argument: Expression) => Typed;

export function emitInputCall(step: Step, emit: Emit, around: Surroundings): Typed {
  if (step.kind === 'property') return step.name === 'body' || step.name === 'Body' ? { code: code`scope.input.body`, type: 'string' } : constantOf(null, around);
  if (step.kind === 'index') return constantOf(null, around);
  const [argument] = step.arguments;
  const count = step.arguments.length;
  if (step.name === 'getBody' && count === 0) return { code: code`scope.input.body`, type: 'string' };
  if (step.name === 'params' && count === 0) return { code: code`scope.input.params()`, type: 'value' };
  if (count !== 1 || argument === undefined) return constantOf(null, around);
  const value = emit(argument);
  switch (step.name) {
    case 'params': return { code: code`${H.inputParam}(scope.input, ${value.code})`, type: 'value' };
    case 'path': case 'json': {
      const json = step.name === 'json';
      const type = json ? 'string' : 'value';
      if (typeof value.constant !== 'string') return { code: code`${json ? H.inputJsonOf : H.inputPathOf}(scope.input, ${value.code})`, type };
      let path;
      try {
        path = parseJsonPath(value.constant);
      } catch (error) {
        // Reported by check; at run time it fails the rendering, as API Gateway does.
        if (error instanceof JsonPathError) return { code: code`${json ? H.inputJsonOf : H.inputPathOf}(scope.input, ${value.code})`, type };
        throw error;
      }
      const simple = simpleSteps(path);
      if (simple) return { code: code`${json ? H.inputJson : H.inputPath}(scope.input, ${simple.length ? around.constant('path', code`${simple}`) : code`[]`})`, type };
      const constant = emitPath(path);
      if (!constant) return { code: code`${json ? H.inputJsonOf : H.inputPathOf}(scope.input, ${value.code})`, type };
      return { code: code`${json ? H.inputQueryJson : H.inputQuery}(scope.input, ${around.constant('path', constant)})`, type };
    }
    default: return constantOf(null, around);
  }
}

export function emitUtilCall(step: Step, emit: Emit, around: Surroundings): Typed {
  if (step.kind !== 'method' || step.arguments.length !== 1 || !Object.hasOwn(UTIL_FUNCTIONS, step.name)) return constantOf(null, around);
  const name = step.name as keyof typeof UTIL_FUNCTIONS;
  const value = emit(step.arguments[0]!);
  if (name === 'parseJson') return { code: code`${UTIL_FUNCTIONS.parseJson}(${value.code}, scope.input.lists)`, type: 'value' };
  return { code: code`${UTIL_FUNCTIONS[name]}(${value.code})`, type: 'string' };
}
