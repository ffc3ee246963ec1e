/** What keys and usage plans of a document are called where several gateways keep count of them. */
import { stableId } from '../stable-id.js';

/** `$context.identity.apiKeyId` of a declared key. */
export const keyId = (name: string): string => stableId(`API key ${name}`);

/** Two APIs may both have a plan "gold": they are two plans. */
export const planId = (title: string, name: string): string => stableId(`usage plan ${name} of ${title}`);
