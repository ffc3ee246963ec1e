/** `/tags/{resource_arn}` of the control plane (TagResource, UntagResource, GetTags) for API keys and usage plans made at run time. */
import { findKey } from './api-keys-resource.js';
import { badRequest, notFound } from './control-error.js';
import { knownFields, own, readFields, tagsField, type ControlRequest } from './control-request.js';
import { checkFailTag } from './fail-tag.js';
import type { KeyManager } from './key-manager.js';
import type { Write } from './records.js';
import { findPlan } from './usage-plans-resource.js';

const MOST_TAGS = 50;

/** `arn:aws:apigateway:eu-west-3::/usageplans/abc123`; the region is whichever the caller says. */
const RESOURCE = /^arn:aws[a-z-]*:apigateway:[a-z0-9-]*::\/(apikeys|usageplans)\/([^/]{1,100})$/;

type Tags = Readonly<Record<string, string>>;

export function getTags(manager: KeyManager, arn: string): { tags: Tags } {
  const [kind, id] = readArn(arn);
  return { tags: kind === 'apikeys' ? findKey(manager, id).tags : findPlan(manager, id).tags };
}

export function tagResource(manager: KeyManager, arn: string, { body }: ControlRequest): Promise<void> {
  const fields = readFields(body);
  knownFields(fields, ['tags']);
  if (own(fields, 'tags') === undefined) throw badRequest('Invalid request input: there are no tags');
  const more = tagsField(fields);
  return change(manager, arn, (tags) => {
    const all = { ...tags, ...more };
    if (Object.keys(all).length > MOST_TAGS) throw badRequest(`Invalid request input: at most ${MOST_TAGS} tags`);
    return all;
  });
}

/** `tagKeys` of the query, with commas between several. */
export function untagResource(manager: KeyManager, arn: string, { query }: ControlRequest): Promise<void> {
  const names = new Set((query['tagKeys'] ?? '').split(',').filter((name) => name !== ''));
  if (names.size === 0) throw badRequest('Invalid request input: there are no tagKeys');
  return change(manager, arn, (tags) => Object.fromEntries(Object.entries(tags).filter(([name]) => !names.has(name))));
}

function change(manager: KeyManager, arn: string, make: (tags: Tags) => Tags): Promise<void> {
  const [kind, id] = readArn(arn);
  return manager.registry.change(() => {
    if (kind === 'apikeys') {
      const key = findKey(manager, id, true);
      return { writes: [{ kind: 'api-key', id, record: { ...key, tags: make(key.tags), updated: Date.now() } } satisfies Write], result: undefined };
    }
    const plan = findPlan(manager, id, true);
    const tags = make(plan.tags);
    checkFailTag(tags);
    return { writes: [{ kind: 'usage-plan', id, record: { ...plan, tags } } satisfies Write], result: undefined };
  });
}

function readArn(arn: string): [kind: 'apikeys' | 'usageplans', id: string] {
  const match = RESOURCE.exec(arn);
  if (match === null) throw notFound('Invalid Resource ARN specified in the request: it is arn:aws:apigateway:REGION::/usageplans/ID or …/apikeys/ID');
  return [match[1] as 'apikeys' | 'usageplans', match[2]!];
}
