import { diagnostic } from '../../diagnostics/define.js';

export const INVALID_RESOURCE_POLICY = diagnostic<{ problem: string; hint: string | undefined }>({
  code: 'GWC2941', severity: 'error',
  message: ({ problem }) => `x-amazon-apigateway-policy: ${problem}`,
  hint: ({ hint }) => hint ?? "write {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*'}]}",
  help: 'A resource policy says who may call the API: statements with Effect, Principal (or NotPrincipal), Action (or NotAction), Resource (or NotResource) and Condition, in the language of IAM. Policy variables (`${aws:username}`) stand in Resource and Condition. A policy that is not understood would let in or keep out the wrong callers, so the document does not build.',
});

export const RESOURCE_POLICY_IGNORED = diagnostic({
  code: 'GWC2942', severity: 'warning',
  message: () => 'HTTP APIs have no resource policies: x-amazon-apigateway-policy keeps nobody out',
  hint: () => 'build a REST API (x-gwc-flavour: rest), or take the policy out',
  help: 'API Gateway evaluates resource policies for REST APIs only. In a document that is built as an HTTP API the policy means nothing, there and here. Remove it, or build a REST API: `x-gwc-flavour: rest`.',
});

export const UNKNOWN_CONDITION_KEY = diagnostic<{ key: string; suggestion: string | undefined }>({
  code: 'GWC2943', severity: 'warning',
  message: ({ key }) => `condition key ${key} of the resource policy has no value in this gateway: conditions treat it as absent`,
  hint: ({ suggestion }) => suggestion !== undefined ? `did you mean '${suggestion}'?` : 'known are aws:SourceIp, aws:CurrentTime, aws:EpochTime, aws:SecureTransport, aws:Referer, aws:UserAgent; for signed requests also aws:PrincipalArn, aws:PrincipalAccount, aws:PrincipalOrgID, aws:PrincipalTag/…, aws:PrincipalType, aws:userid, aws:username',
  help: 'Conditions are evaluated as IAM does: a key without value fits no comparison, except negated ones (StringNotEquals, NotIpAddress …), …IfExists and Null. Keys of VPC endpoints (aws:SourceVpc, aws:SourceVpce, aws:VpcSourceIp) have no value outside of AWS, those of principals only where a request is signed: an Allow with such a condition lets nobody in, a Deny with its negation keeps everybody out. Remove such a condition with an overlay, or write one on `aws:SourceIp`.',
});
