/** Policy documents (IAM User Guide, "JSON policy element reference"), read once and evaluated for many requests. */
import { always, wildcard, type Matcher } from './wildcard.js';
import { isObject, type Condition, type ConditionKeys } from './conditions.js';
import { hasVariables, withoutVariables } from './variables.js';

export interface Statement {
  readonly allows: boolean;
  readonly action: Matcher;
  readonly resource: Matcher;
  /** Whom it is about; null: the statement does not say, as in policies of identities. */
  readonly principal: Matcher | null;
  readonly condition: Condition | null;
  /** Depends on more than action and resource: it has a condition, or a variable in its resources. */
  readonly varies: boolean;
}

export type Policy = readonly Statement[];

/** What came of an evaluation: a deny wins over any allow; without either the policy says nothing. */
export type Verdict = 'allow' | 'explicitDeny' | 'implicitDeny';

export interface PolicyRequest {
  /** Lower case. */
  readonly action: string;
  /**
   * What is asked for, in every form that a backend may take it for: what is denied in one form is denied, and only what is allowed in all
   * forms is allowed, so that no spelling of a path gets around a policy.
   */
  readonly resources: readonly string[];
  /** '*' when anonymous. */
  readonly principal: string;
  readonly keys: ConditionKeys;
}

/** How a slice reads what differs between kinds of policies. */
export interface Dialect {
  /** A pattern of `Resource` to a matcher; a string says what is wrong with it. */
  readonly resource: (pattern: string) => Matcher | string;
  readonly condition: (element: unknown) => Condition | string;
  /** Policies of resources say whom they are about, those of identities must not. */
  readonly hasPrincipal: boolean;
}

const ELEMENTS = new Set(['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Principal', 'NotPrincipal', 'Condition']);

/** A string says why it is no policy. */
export function parsePolicy(document: unknown, dialect: Dialect): Policy | string {
  if (!isObject(document)) return 'the policy is no object';
  const version = document['Version'];
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17') return 'its Version is neither 2012-10-17 nor 2008-10-17';
  const list: unknown = document['Statement'];
  const items: readonly unknown[] = Array.isArray(list) ? list : [list];
  if (items.length === 0 || list === undefined) return 'it has no Statement';
  const statements: Statement[] = [];
  for (const item of items) {
    // Variables came with the newer version; before, they are text.
    const statement = parseStatement(version === '2012-10-17' ? item : mapTexts(item, withoutVariables), dialect);
    if (typeof statement === 'string') return statement;
    statements.push(statement);
  }
  return statements;
}

/** A copy with every text replaced. */
function mapTexts(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, replace));
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapTexts(item, replace)])) : value;
}

function parseStatement(item: unknown, dialect: Dialect): Statement | string {
  if (!isObject(item)) return 'a statement is no object';
  for (const name in item) if (!ELEMENTS.has(name)) return `a statement has an element ${name.slice(0, 50)}`;
  const effect = item['Effect'];
  if (effect !== 'Allow' && effect !== 'Deny') return 'the Effect of a statement is neither Allow nor Deny';
  const action = either(item, 'Action', 'NotAction', (text) => wildcard(text.toLowerCase()));
  if (typeof action === 'string') return action;
  const resource = either(item, 'Resource', 'NotResource', dialect.resource);
  if (typeof resource === 'string') return resource;
  const principal = readPrincipal(item, dialect.hasPrincipal);
  if (typeof principal === 'string') return principal;
  const condition = item['Condition'] === undefined ? null : dialect.condition(item['Condition']);
  if (typeof condition === 'string') return condition;
  return { allows: effect === 'Allow', action, resource, principal, condition, varies: condition !== null || hasVariables(JSON.stringify([item['Resource'], item['NotResource']])) };
}

/** `Action` or `NotAction`: one text or several. */
function either(item: Record<string, unknown>, name: string, not: string, compile: (text: string) => Matcher | string): Matcher | string {
  if ((item[name] === undefined) === (item[not] === undefined)) return `a statement must have one of ${name} and ${not}`;
  const isNot = item[name] === undefined;
  const matchers = texts(item[isNot ? not : name], isNot ? not : name, compile);
  return typeof matchers === 'string' ? matchers : anyOf(matchers, isNot);
}

function texts(value: unknown, name: string, compile: (text: string) => Matcher | string): readonly Matcher[] | string {
  const matchers: Matcher[] = [];
  for (const text of Array.isArray(value) ? value as unknown[] : [value]) {
    if (typeof text !== 'string') return `${name} is no text`;
    if (hasVariables(text) && !/^(?:Not)?Resource$/.test(name)) return `${name} holds a policy variable, which only Resource and Condition can`;
    const matcher = compile(text);
    if (typeof matcher === 'string') return matcher;
    matchers.push(matcher);
  }
  return matchers;
}

function anyOf(matchers: readonly Matcher[], isNot: boolean): Matcher {
  if (matchers.length === 1 && !isNot) return matchers[0]!;
  return (text, keys) => matchers.some((matcher) => matcher(text, keys)) !== isNot;
}

/** `"*"`, `{"AWS": …}`: an account stands for everybody in it. Services and federated users never call an API in their own name. */
function readPrincipal(item: Record<string, unknown>, hasPrincipal: boolean): Matcher | null | string {
  const isNot = item['NotPrincipal'] !== undefined;
  const value = isNot ? item['NotPrincipal'] : item['Principal'];
  if (!hasPrincipal) return value === undefined ? null : 'a statement has a Principal, which policies of identities cannot have';
  if (value === undefined || (isNot && item['Principal'] !== undefined)) return 'a statement must have one of Principal and NotPrincipal';
  if (value === '*') return isNot ? () => false : always;
  if (!isObject(value)) return 'Principal is neither "*" nor an object';
  const matchers: Matcher[] = [];
  for (const [kind, named] of Object.entries(value)) {
    if (!/^(?:AWS|Service|Federated|CanonicalUser)$/.test(kind)) return `Principal knows no ${kind.slice(0, 50)}`;
    const list = texts(named, `Principal.${kind}`, kind === 'AWS' ? principalMatcher : () => () => false);
    if (typeof list === 'string') return list;
    matchers.push(...list);
  }
  return anyOf(matchers, isNot);
}

/** Principals take no wildcards but `*` alone. A role's ARN stands for its sessions (IAM User Guide, "IAM role principals"). */
function principalMatcher(text: string): Matcher | string {
  if (text === '*') return always;
  const account = /^(?:arn:aws[a-z-]*:iam::)?(\d{12})(?::root)?$/.exec(text)?.[1];
  if (account !== undefined) return (principal) => principal.split(':')[4] === account;
  return text.startsWith('arn:') && !/[*?]/.test(text) ? (principal) => principal === text || roleOf(principal) === withoutPath(text) : `Principal "${text.slice(0, 100)}" is no account and no ARN`;
}

/** `arn:aws:iam::123456789012:role/name` of a role's session; its path is not known. undefined: it is none. */
export function roleOf(principal: string): string | undefined {
  const [, partition, account, role] = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/.exec(principal) ?? [];
  return role === undefined ? undefined : `arn:${partition!}:iam::${account!}:role/${role}`;
}

function withoutPath(arn: string): string {
  return arn.replace(/^(arn:[^:]*:iam::\d{12}:role\/).*\/(?=[^/]+$)/, '$1');
}

export function evaluate(policy: Policy, request: PolicyRequest): Verdict {
  let isAllowed = true;
  for (const resource of request.resources) {
    let allowedHere = false;
    for (const statement of policy) {
      if ((statement.allows && allowedHere) || !applies(statement, resource, request)) continue;
      if (!statement.allows) return 'explicitDeny';
      allowedHere = true;
    }
    isAllowed &&= allowedHere;
  }
  return isAllowed ? 'allow' : 'implicitDeny';
}

function applies({ action, resource, principal, condition }: Statement, asked: string, request: PolicyRequest): boolean {
  return action(request.action) && resource(asked, request.keys) && (principal === null || principal(request.principal)) && (condition === null || condition(request.keys));
}
