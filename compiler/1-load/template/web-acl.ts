/** `AWS::WAFv2::WebACLAssociation` of a stage of the API, the web ACL, and the sets and rule groups of the template → `x-gwc.stages.<stage>.webAcl`. */
import type { Json } from '../../code.js';
import { typed } from '../placeholders/typed.js';
import * as diagnostics from './diagnostics.js';
import type { Draft } from './draft.js';
import { isObject, type JsonObject } from './is-template.js';
import { stageNameIn } from './stages.js';
import type { Resource, Template } from './template.js';

const HINT = 'write the web ACL into x-gwc.webAcl in an overlay (--overlay), as aws wafv2 get-web-acl prints it';

/** `id`: of the API. */
export function addWebAcl(template: Template, draft: Draft, id: string): void {
  for (const { properties, pointer } of template.of('AWS::WAFv2::WebACLAssociation')) {
    const resource = template.textWithPlaceholders(properties['ResourceArn'], `${pointer}/ResourceArn`);
    const [, api, stage] = /\/(?:restapis|apis)\/([^/]+)\/stages\/(.+)$/.exec(resource ?? '') ?? [];
    if (api !== id) continue;
    const arn = template.text(properties['WebACLArn']);
    const acl = template.of('AWS::WAFv2::WebACL').find((each) => arn !== undefined && arnOf(template, each) === arn);
    if (acl === undefined) {
      template.report(diagnostics.NOT_READ, `${pointer}/WebACLArn`, { name: 'the web ACL', owner: `the stage ${stage!}`, hint: HINT }, true);
      continue;
    }
    draft.put(['x-gwc', 'stages', stageNameIn(stage!), 'webAcl'], {
      Name: acl.id, ...asPrinted(template, acl.properties, acl.pointer) as JsonObject,
      ...sets(template, 'IPSet', 'ipSets', ({ properties: set }) => set['Addresses'] ?? []), ...sets(template, 'RegexPatternSet', 'regexPatternSets', ({ properties: set }) => set['RegularExpressionList'] ?? []),
      ...sets(template, 'RuleGroup', 'ruleGroups', (group) => asPrinted(template, group.properties, group.pointer)),
    }, acl.pointer);
  }
}

/** CloudFormation writes `Arn` where WAF's own JSON has `ARN`, takes numbers as text, and computes what is searched for. `pointer`: of the ACL. */
function asPrinted(template: Template, value: Json, pointer: string, isReference = false): Json {
  if (Array.isArray(value)) return value.map((item) => asPrinted(template, item as Json, pointer));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => {
    if (key === 'SearchString') return [key, template.textWithPlaceholders(item, pointer) ?? item];
    return [isReference && key === 'Arn' ? 'ARN' : key, typed(key, asPrinted(template, item, pointer, key.endsWith('ReferenceStatement')))];
  }));
}

function sets(template: Template, type: string, key: string, value: (resource: Resource) => Json): { readonly [key: string]: Json } {
  const found = template.of(`AWS::WAFv2::${type}`);
  return found.length === 0 ? {} : { [key]: Object.fromEntries(found.map((each) => [arnOf(template, each) ?? each.id, value(each)])) };
}

function arnOf(template: Template, resource: Resource): string | undefined { return template.value(`${resource.id}.Arn`); }
