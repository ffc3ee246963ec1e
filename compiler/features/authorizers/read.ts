import { Node } from '../../1-load/node.js';
import { enforcement } from '../../access/enforcement.js';
import { isOpenMock, keyPlaces } from '../../access/key-requirement.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { RawApi, RawOperation } from '../../feature.js';
import type { AuthorizePart, Check, LambdaAuthorizer } from './ir.js';
import { readLambdaAuthorizer } from './read-lambda.js';

/** Which of the document's authorizers an operation needs; undefined when none. */
export function readAuthorize(raw: RawOperation, reporter: Reporter): AuthorizePart | undefined {
  if (isOpenMock(raw)) return undefined;
  const alternatives = raw.security.map((requirement) => ({ requirement, checks: Object.entries(requirement).flatMap(([name]) => readCheck(name, raw, reporter)) }));
  if (!alternatives.some(({ checks }) => checks.length > 0)) return undefined;
  // REST APIs have no alternatives between keys and authorizers: listed side by side, both are needed. The apiKey step asks for the key.
  if (raw.api.flavour === 'rest') return { alternatives: alternatives.flatMap(({ checks }) => (checks.length > 0 ? [checks] : [])) };
  const withKeys = alternatives.map(({ requirement, checks }) => {
    const places = keyPlaces(requirement, raw);
    return places.length > 0 ? [...checks, { kind: 'key', places } as const] : checks;
  });
  // What API Gateway does not know opens no door that its authorizers guard.
  return { alternatives: withKeys.filter((checks) => checks.length > 0) };
}

function readCheck(name: string, raw: RawOperation, reporter: Reporter): Check[] {
  const scheme = raw.securitySchemes[name];
  if (!scheme || enforcement(scheme, raw.api) !== 'authorizer') return [];
  const authorizer = lambdaAuthorizer(name, raw, reporter);
  return [authorizer ? { kind: 'lambda', authorizer } : { kind: 'broken', scheme: name }];
}

const known = new WeakMap<RawApi, Map<string, LambdaAuthorizer | undefined>>();

/** Each scheme is read once, and what is wrong with it reported once. */
function lambdaAuthorizer(name: string, { api, securitySchemes }: RawOperation, reporter: Reporter): LambdaAuthorizer | undefined {
  let authorizers = known.get(api);
  if (!authorizers) known.set(api, (authorizers = new Map()));
  if (!authorizers.has(name)) {
    const scheme = securitySchemes[name]!;
    const { file, pointer } = scheme.aws!.origin;
    const node = Node.find(api.root.document, file, pointer)!;
    authorizers.set(name, readLambdaAuthorizer(name, scheme, node, api.flavour, reporter));
  }
  return authorizers.get(name);
}
