import type { Json } from '../../code.js';

/** Short forms of CloudFormation's intrinsic functions; `!Ref` and `!Condition` have no prefix in their long form. */
const FUNCTIONS = new Set(['And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'ForEach', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join', 'Length', 'Not', 'Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform']);

/** `!Sub x` → `{"Fn::Sub": x}`, `!GetAtt A.Arn` → `{"Fn::GetAtt": ["A", "Arn"]}`; undefined for a tag that is none of CloudFormation's. */
export function longForm(tag: string, value: Json): { readonly [key: string]: Json } | undefined {
  const name = tag.replace(/^!/, '');
  if (name === 'Ref' || name === 'Condition') return { [name]: value };
  if (!FUNCTIONS.has(name)) return undefined;
  if (name === 'GetAtt' && typeof value === 'string') {
    const dot = value.indexOf('.');
    return { 'Fn::GetAtt': dot === -1 ? [value] : [value.slice(0, dot), value.slice(dot + 1)] };
  }
  return { [`Fn::${name}`]: value };
}
