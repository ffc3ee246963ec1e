/** Told apart before anything else of templates is loaded. */
import type { Json } from '../../code.js';

export type JsonObject = { readonly [key: string]: Json };

/** Whether a parsed file is a template. */
export function isTemplate(root: Json): root is JsonObject {
  if (!isObject(root) || Object.hasOwn(root, 'openapi') || Object.hasOwn(root, 'swagger')) return false;
  if (Object.hasOwn(root, 'AWSTemplateFormatVersion') || JSON.stringify(root['Transform'] ?? '').includes('AWS::Serverless')) return true;
  return isObject(root['Resources']) && Object.values(root['Resources']).some((resource) => isObject(resource) && typeof resource['Type'] === 'string' && resource['Type'].includes('::'));
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The logical id that a `Ref` names. */
export function refOf(value: Json | undefined): string | undefined {
  return isObject(value) && typeof value['Ref'] === 'string' ? value['Ref'] : undefined;
}
