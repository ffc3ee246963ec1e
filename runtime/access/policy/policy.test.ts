/** Policies as IAM evaluates them: wildcards, conditions, what is no policy; and paths in every spelling. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseConditions } from './conditions.js';
import { pathForms } from './path-forms.js';
import { resourceMatcher } from './patterns.js';
import { evaluate, parsePolicy, type Dialect } from './policy.js';
import { matchesWildcard, wildcard } from './wildcard.js';

const test = suite('policies');

for (const [pattern, yes, no] of [
  ['*', ['', 'a/b'], []], ['a', ['a'], ['', 'A', 'aa']], ['a*', ['a', 'a/b:c'], ['ba']], ['*a', ['a', 'ba', 'aa'], ['ab']], ['a?c', ['abc', 'a/c', 'a?c'], ['ac', 'abbc']],
  ['a*b*c', ['abc', 'axbxc', 'abcbc'], ['acb', 'ab']], ['**a', ['a', 'xa'], ['b']], ['a*a', ['aa', 'aba'], ['a']], ['*.*', ['.', 'a.b'], ['ab']], ['a.c', ['a.c'], ['abc']],
] as const) test(`${pattern}`, () => {
  for (const text of yes) { assert.ok(wildcard(pattern)(text), text); assert.ok(matchesWildcard(pattern, text), text); }
  for (const text of no) { assert.not.ok(wildcard(pattern)(text), text); assert.not.ok(matchesWildcard(pattern, text), text); }
});

test('wildcards that a text holds are characters', () => {
  assert.not.ok(matchesWildcard('a?b', 'a*bb'));
  assert.ok(matchesWildcard('a*', 'a*'));
  assert.not.ok(wildcard('abc')('a*'));
});

test('hostile patterns take no time', () => {
  const started = performance.now();
  assert.not.ok(matchesWildcard('*a'.repeat(250), 'a'.repeat(200) + 'b'.repeat(9_000)));
  assert.ok(performance.now() - started < 500);
});

const keys = (values: Record<string, string | readonly string[]>) => (name: string): readonly string[] | undefined => { const value = values[name]; return value === undefined ? undefined : typeof value === 'string' ? [value] : value; };
function holds(condition: object, values: Record<string, string | readonly string[]>): boolean {
  const parsed = parseConditions(condition);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed(keys(values));
}

const CONDITIONS: readonly (readonly [object, Record<string, string | readonly string[]>, boolean])[] = [
  [{ StringEquals: { k: 'a' } }, { k: 'a' }, true], [{ StringEquals: { k: ['x', 'a'] } }, { k: 'a' }, true], [{ StringEquals: { k: 'a' } }, { k: 'A' }, false], [{ StringEquals: { k: 'a' } }, {}, false],
  [{ StringNotEquals: { k: 'a' } }, { k: 'b' }, true], [{ StringNotEquals: { k: ['a', 'b'] } }, { k: 'b' }, false], [{ StringNotEquals: { k: 'a' } }, {}, true], [{ StringNotEquals: { k: 'a' } }, { k: ['b', 'a'] }, false],
  [{ StringEqualsIgnoreCase: { K: 'aB' } }, { k: 'Ab' }, true], [{ StringNotEqualsIgnoreCase: { k: 'aB' } }, { k: 'Ab' }, false], [{ StringLike: { k: 'a*c?' } }, { k: 'abcd' }, true], [{ StringNotLike: { k: 'a*' } }, { k: 'abcd' }, false],
  [{ stringequals: { k: 'a' } }, { k: 'a' }, true], [{ StringEqualsIfExists: { k: 'a' } }, {}, true], [{ StringEqualsIfExists: { k: 'a' } }, { k: 'b' }, false],
  [{ NumericEquals: { k: 5 } }, { k: '5.0' }, true], [{ NumericLessThan: { k: '5' } }, { k: '4.9' }, true], [{ NumericGreaterThanEquals: { k: '5' } }, { k: '5' }, true], [{ NumericGreaterThan: { k: '5' } }, { k: '5' }, false], [{ NumericLessThanEquals: { k: '5' } }, { k: 'x' }, false], [{ NumericNotEquals: { k: '5' } }, { k: '6' }, true],
  [{ DateGreaterThan: { k: '2026-01-01T00:00:00Z' } }, { k: '2026-01-01T00:00:01Z' }, true], [{ DateLessThan: { k: '2026-01-01' } }, { k: '1767225599' }, true], [{ DateLessThan: { k: '2026-01-01' } }, { k: '1767225600' }, false], [{ DateEquals: { k: '1767225600' } }, { k: '2026-01-01T00:00:00Z' }, true], [{ DateNotEquals: { k: '2026' } }, { k: '2026-01-01' }, false],
  [{ Bool: { k: true } }, { k: 'TRUE' }, true], [{ Bool: { k: 'false' } }, { k: 'true' }, false], [{ Bool: { k: 'false' } }, {}, false], [{ BoolIfExists: { k: 'false' } }, {}, true],
  [{ IpAddress: { k: '10.0.0.0/8' } }, { k: '10.255.1.2' }, true], [{ IpAddress: { k: '10.0.0.0/8' } }, { k: '11.0.0.1' }, false], [{ IpAddress: { k: '10.0.0.1' } }, { k: '10.0.0.1' }, true], [{ IpAddress: { k: '10.0.0.0/8' } }, { k: '::ffff:10.1.1.1' }, true],
  [{ NotIpAddress: { k: ['10.0.0.0/8', '192.168.0.0/16'] } }, { k: '::ffff:192.168.3.4' }, false], [{ NotIpAddress: { k: '10.0.0.0/8' } }, { k: 'fe80::1%eth0' }, true], [{ IpAddress: { k: '2001:db8::/32' } }, { k: '2001:db8:1::5' }, true], [{ IpAddress: { k: '::/0' } }, { k: '10.0.0.1' }, false], [{ IpAddress: { k: '0.0.0.0/0' } }, { k: '2001:db8::1' }, false], [{ IpAddress: { k: '0.0.0.0/0' } }, { k: 'garbage' }, false],
  [{ ArnLike: { k: 'arn:aws:iam::*:role/a*' } }, { k: 'arn:aws:iam::123456789012:role/abc' }, true], [{ ArnEquals: { k: 'arn:aws:iam::1:*' } }, { k: 'arn:aws:iam::12:user' }, false], [{ ArnNotLike: { k: 'arn:aws:iam::*:role/a*' } }, { k: 'arn:aws:iam::1:role/b' }, true],
  [{ Null: { k: 'true' } }, {}, true], [{ Null: { k: 'true' } }, { k: 'a' }, false], [{ Null: { k: false } }, { k: 'a' }, true],
  [{ 'ForAnyValue:StringEquals': { k: ['a', 'b'] } }, { k: ['x', 'b'] }, true], [{ 'ForAnyValue:StringEquals': { k: 'a' } }, {}, false], [{ 'ForAllValues:StringEquals': { k: ['a', 'b'] } }, { k: ['a', 'x'] }, false], [{ 'ForAllValues:StringEquals': { k: 'a' } }, {}, true], [{ 'ForAnyValue:StringNotEquals': { k: 'a' } }, { k: ['a', 'b'] }, true], [{ 'ForAllValues:StringNotEquals': { k: 'a' } }, { k: ['a', 'b'] }, false],
  [{ StringEquals: { a: '1', b: '2' } }, { a: '1', b: '2' }, true], [{ StringEquals: { a: '1', b: '2' } }, { a: '1' }, false], [{ StringEquals: { a: '1' }, Bool: { b: 'true' } }, { a: '1', b: 'false' }, false], [{}, {}, true],
];
for (const [condition, values, expected] of CONDITIONS) test(`${JSON.stringify(condition)} of ${JSON.stringify(values)}`, () => assert.is(holds(condition, values), expected));

test('conditions that are none', () => {
  for (const condition of [[], 'x', { StringEqual: { k: 'a' } }, { StringEquals: 'a' }, { StringEquals: { k: {} } }, { IpAddress: { k: '10.0.0.0/33' } }, { IpAddress: { k: '10.0.0' } }, { IpAddress: { k: '10.0.0.0/8/8' } }, { NumericEquals: { k: 'a' } }, { DateEquals: { k: 'soon' } }, { Bool: { k: 'yes' } }, { ArnLike: { k: 'role' } }, { Null: { k: 'x' } }, { StringLike: { k: '${aws:username' } }, { constructor: { k: 'a' } }, { StringEqualsIfExistsIfExists: { k: 'a' } }]) {
    assert.type(parseConditions(condition), 'string', JSON.stringify(condition));
  }
});

const dialect: Dialect = { resource: resourceMatcher, condition: parseConditions, hasPrincipal: false };
const ALLOW = { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' };

test('documents that are no policies', () => {
  for (const document of [null, [], 'x', {}, { Statement: [] }, { Statement: null }, { Statement: [5] }, { Version: '2020-01-01', Statement: [ALLOW] }, { Statement: [{ ...ALLOW, Effect: 'ALLOW' }] }, { Statement: [{ ...ALLOW, Action: undefined }] }, { Statement: [{ ...ALLOW, NotAction: 'x' }] },
    { Statement: [{ ...ALLOW, Resource: undefined }] }, { Statement: [{ ...ALLOW, NotResource: '*' }] }, { Statement: [{ ...ALLOW, Resource: [{}] }] }, { Statement: [{ ...ALLOW, Resources: '*' }] }, { Statement: [{ ...ALLOW, Principal: '*' }] }, { Statement: [{ ...ALLOW, Condition: [] }] }, { Statement: [ALLOW, { ...ALLOW, Action: '${x}' }] }]) {
    assert.type(parsePolicy(document, dialect), 'string', JSON.stringify(document));
  }
});

const verdict = (statements: object[], resources: readonly string[], principal = '*', hasPrincipal = false) => {
  const policy = parsePolicy({ Statement: statements }, { ...dialect, hasPrincipal });
  if (typeof policy === 'string') throw new Error(policy);
  return evaluate(policy, { action: 'execute-api:invoke', resources, principal, keys: keys({}) });
};

test('a deny wins wherever it stands; every form must be allowed, one denied is enough', () => {
  const deny = { ...ALLOW, Effect: 'Deny', Resource: '*/admin' };
  assert.is(verdict([deny, ALLOW], ['GET/admin']), 'explicitDeny');
  assert.is(verdict([ALLOW, deny], ['GET/x', 'GET/admin']), 'explicitDeny');
  assert.is(verdict([{ ...ALLOW, Resource: 'GET/a' }, { ...ALLOW, Resource: 'GET/b' }], ['GET/a', 'GET/b']), 'allow');
  assert.is(verdict([{ ...ALLOW, Resource: 'GET/a' }], ['GET/a', 'GET/b']), 'implicitDeny');
  assert.is(verdict([{ ...ALLOW, Action: 'EXECUTE-API:invoke' }], ['x']), 'allow');
  assert.is(verdict([{ ...ALLOW, Action: [] }], ['x']), 'implicitDeny');
  assert.is(verdict([{ ...ALLOW, Resource: 'GET/a%20b' }], ['GET/a%20b', 'GET/a b']), 'allow');
});

test('principals', () => {
  const role = 'arn:aws:iam::123456789012:role/Caller';
  const as = (element: object, principal: string) => verdict([{ ...ALLOW, ...element }], ['x'], principal, true);
  for (const [element, principal, expected] of [
    [{ Principal: '*' }, '*', 'allow'], [{ Principal: { AWS: '*' } }, '*', 'allow'], [{ Principal: { AWS: '123456789012' } }, '*', 'implicitDeny'], [{ Principal: { AWS: ['123456789012'] } }, role, 'allow'], [{ Principal: { AWS: 'arn:aws:iam::123456789012:root' } }, role, 'allow'],
    [{ Principal: { AWS: role } }, role, 'allow'], [{ Principal: { AWS: role } }, `${role}2`, 'implicitDeny'], [{ Principal: { Service: 'lambda.amazonaws.com' } }, '*', 'implicitDeny'], [{ NotPrincipal: { AWS: role } }, role, 'implicitDeny'], [{ NotPrincipal: { AWS: role } }, '*', 'allow'], [{ NotPrincipal: '*' }, '*', 'implicitDeny'],
  ] as const) assert.is(as(element, principal), expected, JSON.stringify([element, principal]));
  for (const element of [{}, { Principal: '*', NotPrincipal: '*' }, { Principal: 'me' }, { Principal: { AWS: 'arn:aws:iam::123456789012:role/*' } }, { Principal: { Who: '*' } }]) assert.throws(() => as(element, '*'), undefined, JSON.stringify(element));
});

test('paths in every form that a backend may take them for', () => {
  for (const [path, forms] of [
    ['/', ['']], ['/a', ['a']], ['/a/b.c', ['a/b.c']], ['/a/', ['a']], ['/%61', ['%61', 'a']], ['/a%2Fb', ['a%2Fb', 'a/b']], ['/x/../a', ['x/../a', 'a']], ['/x/%2e%2E/a', ['x/%2e%2E/a', 'a']], ['//a', ['/a', 'a']], ['/./a', ['./a', 'a']],
    ['/%2561', ['%2561', '%61', 'a']], ['/a\\b', ['a\\b', 'a/b']], ['/%', ['%']], ['/%ff', ['%ff']], ['/%ff%61', ['%ff%61', '%ffa']], ['/..', ['..', '']], ['/.../a', ['.../a']],
  ] as const) {
    const actual = pathForms(path);
    for (const form of forms) assert.ok(actual.includes(form), `${path}: ${JSON.stringify(actual)} lacks ${form}`);
  }
  assert.equal(pathForms('/plain/path-1.json'), ['plain/path-1.json']);
});

const HOME = { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: 'arn:aws:execute-api:*:*:*/*/GET/home/${aws:username}/*' };
const STATEMENT = { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' };
for (const [title, statement, values, path, expected] of [
  ['a variable of the resource', HOME, { 'aws:username': 'ann' }, 'home/ann/x', 'allow'],
  ['of somebody else', HOME, { 'aws:username': 'ann' }, 'home/bob/x', 'implicitDeny'],
  ['without its value', HOME, {}, 'home/ann/x', 'implicitDeny'],
  ['a name that is a pattern', HOME, { 'aws:username': '*' }, 'home/ann/x', 'implicitDeny'],
  ['a name that is a pattern, taken for what it is', HOME, { 'aws:username': 'a?' }, 'home/a?/x', 'allow'],
  ['several values are none', HOME, { 'aws:username': ['ann', 'bob'] }, 'home/ann/x', 'implicitDeny'],
  ['a default', { ...HOME, Resource: "*/home/${aws:username, 'guest'}" }, {}, 'home/guest', 'allow'],
  ['no default where there is a value', { ...HOME, Resource: "*/home/${aws:username, 'guest'}" }, { 'aws:username': 'ann' }, 'home/guest', 'implicitDeny'],
  ['the characters themselves', { ...HOME, Resource: '*/${*}${?}${$}' }, {}, '*?$', 'allow'],
  ['the characters themselves are no wildcards', { ...HOME, Resource: '*/${*}' }, {}, 'abc', 'implicitDeny'],
  ['an escape beside a variable', { ...HOME, Resource: '*/a%20b/${aws:username}' }, { 'aws:username': 'ann' }, 'a b/ann', 'allow'],
  ['a variable of a condition', { ...STATEMENT, Condition: { StringEquals: { 'aws:userid': '${aws:username}' } } }, { 'aws:username': 'ann', 'aws:userid': 'ann' }, 'x', 'allow'],
  ['a variable of a condition, without wildcards', { ...STATEMENT, Condition: { StringLike: { 'aws:userid': 'a${aws:username}*' } } }, { 'aws:username': '*', 'aws:userid': 'abc' }, 'x', 'implicitDeny'],
  ['a variable without value equals nothing', { ...STATEMENT, Condition: { StringEquals: { 'aws:userid': '${aws:username}' } } }, { 'aws:userid': '' }, 'x', 'implicitDeny'],
  ['and is not equal to anything', { ...STATEMENT, Condition: { StringNotEquals: { 'aws:userid': '${aws:username}' } } }, { 'aws:userid': 'x' }, 'x', 'allow'],
  ['a variable of an ARN brings no parts', { ...STATEMENT, Condition: { ArnLike: { 'aws:principalarn': 'arn:aws:iam::${aws:principalaccount}:user/x' } } }, { 'aws:principalaccount': '1:2', 'aws:principalarn': 'arn:aws:iam::1:2:user/x' }, 'x', 'implicitDeny'],
  ['a variable of an ARN', { ...STATEMENT, Condition: { ArnLike: { 'aws:principalarn': 'arn:aws:iam::${aws:principalaccount}:user/*' } } }, { 'aws:principalaccount': '1', 'aws:principalarn': 'arn:aws:iam::1:user/x' }, 'x', 'allow'],
] as const) test(`policy variables: ${title}`, () => {
  const policy = parsePolicy({ Version: '2012-10-17', Statement: [statement] }, dialect);
  if (typeof policy === 'string') throw new Error(policy);
  assert.is(evaluate(policy, { action: 'execute-api:invoke', resources: [`arn:aws:execute-api:r:1:a/s/GET/${path}`], principal: '*', keys: keys(values) }), expected);
});

test('policy variables: text in the older version, errors where they cannot stand', () => {
  const old = parsePolicy({ Version: '2008-10-17', Statement: [{ ...HOME, Resource: '*/${aws:username}' }] }, dialect);
  if (typeof old === 'string') throw new Error(old);
  const ask = (path: string): string => evaluate(old, { action: 'execute-api:invoke', resources: [`arn/${path}`], principal: '*', keys: keys({ 'aws:username': 'ann' }) });
  assert.equal([ask('ann'), ask('${aws:username}')], ['implicitDeny', 'allow']);
  for (const statement of [{ ...HOME, Resource: '${aws:username' }, { ...HOME, Resource: '${a b}' }, { ...HOME, Action: '${aws:username}' }, { ...STATEMENT, Condition: { NumericEquals: { k: '${aws:username}' } } }, { ...STATEMENT, Condition: { IpAddress: { 'aws:SourceIp': '${aws:SourceIp}' } } }]) {
    assert.type(parsePolicy({ Version: '2012-10-17', Statement: [statement] }, dialect), 'string', JSON.stringify(statement));
  }
});

test('a role\'s ARN stands for its sessions', () => {
  const policy = parsePolicy({ Statement: [{ ...STATEMENT, Principal: { AWS: 'arn:aws:iam::123456789012:role/team/deploy' } }] }, { ...dialect, hasPrincipal: true });
  if (typeof policy === 'string') throw new Error(policy);
  const ask = (principal: string): string => evaluate(policy, { action: 'execute-api:invoke', resources: ['x'], principal, keys: keys({}) });
  assert.equal(['arn:aws:sts::123456789012:assumed-role/deploy/me', 'arn:aws:iam::123456789012:role/team/deploy', 'arn:aws:sts::123456789012:assumed-role/deployer/me', 'arn:aws:sts::210987654321:assumed-role/deploy/me', '*'].map(ask), ['allow', 'allow', 'implicitDeny', 'implicitDeny', 'implicitDeny']);
});

test.run();
