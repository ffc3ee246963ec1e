/** A parsed path as a constant of generated code. */
import { code, join, literal, trusted } from '../code.js';
import { JavaDouble } from '../../runtime/vtl/values.js';
import { helper } from '../code.js';
import type { Code } from '../code.js';
import type { Filter, JsonPath, Operand, PathStep } from '../../runtime/vtl/jsonpath/path.js';

const double = helper<typeof import('../../runtime/vtl/literals.js')>()('vtl/literals', 'double');
const jsonPath = helper<typeof import('../../runtime/vtl/literals.js')>()('vtl/literals', 'jsonPath');

/** Names and indexes when the path has nothing else: the commonest paths need no path interpreter in the bundle. */
export function simpleSteps(path: JsonPath): (string | number)[] | undefined {
  const steps: (string | number)[] = [];
  for (const step of path.steps) {
    if (step.kind === 'property') steps.push(step.name);
    else if (step.kind === 'index') steps.push(step.index);
    else return undefined;
  }
  return steps;
}

/** The whole path; undefined when it holds a value that has no literal (a list inside a filter): then it is parsed at run time. */
export function emitPath(path: JsonPath): Code | undefined {
  const steps = path.steps.map(emitStep);
  if (steps.includes(undefined)) return undefined;
  return code`${jsonPath}({ steps: [${join(steps as Code[], ', ')}], definite: ${path.definite} })`;
}

function emitStep(step: PathStep): Code | undefined {
  switch (step.kind) {
    case 'filter': {
      const test = emitFilter(step.test);
      return test && code`{ kind: "filter", test: ${test} }`;
    }
    case 'function': {
      const args = step.arguments.map(emitOperand);
      return args.includes(undefined) ? undefined : code`{ kind: "function", name: ${step.name}, arguments: [${join(args as Code[], ', ')}] }`;
    }
    default: return trusted(literal(step as never));
  }
}

function emitFilter(filter: Filter): Code | undefined {
  switch (filter.kind) {
    case 'and': case 'or': {
      const left = emitFilter(filter.left), right = emitFilter(filter.right);
      return left && right && code`{ kind: ${filter.kind}, left: ${left}, right: ${right} }`;
    }
    case 'not': {
      const operand = emitFilter(filter.operand);
      return operand && code`{ kind: "not", operand: ${operand} }`;
    }
    case 'exists': {
      const path = emitPath(filter.path);
      return path && code`{ kind: "exists", path: ${path}, root: ${filter.root} }`;
    }
    case 'compare': {
      const left = emitOperand(filter.left), right = emitOperand(filter.right);
      return left && right && code`{ kind: "compare", operator: ${filter.operator}, left: ${left}, right: ${right} }`;
    }
  }
}

function emitOperand(operand: Operand): Code | undefined {
  switch (operand.kind) {
    case 'pattern': return trusted(literal(operand));
    case 'path': {
      const path = emitPath(operand.path);
      return path && code`{ kind: "path", path: ${path}, root: ${operand.root} }`;
    }
    case 'literal': {
      const { value } = operand;
      if (value instanceof JavaDouble && Number.isFinite(value.value)) return code`{ kind: "literal", value: ${double}(${value.value}) }`;
      if (typeof value === 'bigint') return code`{ kind: "literal", value: ${trusted(`${value}n`)} }`;
      return value === null || typeof value !== 'object' ? code`{ kind: "literal", value: ${value} }` : undefined;
    }
  }
}
