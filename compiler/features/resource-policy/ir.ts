import type { Json } from '../../code.js';

/** `x-amazon-apigateway-policy`. */
export interface ResourcePolicyPart { readonly document: Json }

/**
 * When the policy decides about an operation. allow: it must allow the call, before anything else. deny: a denial ends the call before the Lambda authorizer is
 * asked, whose own policy is combined with this one. after: it must allow the call once the token is verified.
 */
export interface ResourceDecisionPart { readonly when: 'allow' | 'deny' | 'after' }
