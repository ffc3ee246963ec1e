/** Which documents have their API keys and usage plans managed at run time as well: what the slices api-keys and throttle have to agree on. */
import type { Node } from '../1-load/node.js';
import type { Api } from '../feature.js';

/** `x-gwc.admin`: true, keys come at run time; false, the document has them all; absent: either. */
export function adminSetting(root: Node): boolean | undefined {
  return root.get('x-gwc')?.boolean('admin');
}

/** A gateway whose operations ask for API keys lets them be managed, unless its document says no. */
export function managesKeys(root: Node): boolean {
  return adminSetting(root) !== false;
}

/** The same when all is read. */
export function isManaged(api: Api): boolean {
  return api.parts.apiKey?.admin !== false;
}
