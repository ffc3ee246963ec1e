import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { Feature, RawApi } from '../../feature.js';
import { parseStoreAddress, type WrongAddress } from '../../../runtime/store/store-address.js';
import * as diagnostics from './diagnostics.js';
import type { StorePart } from './ir.js';

/** `x-gwc.store` and `gwc build --store`: which stores a gateway file can keep its limits in. What uses them is the limiter's business (`features/throttle`). */
export const store: Feature<never, StorePart> = {
  key: 'store',
  stage: 'quota',
  diagnostics,
  readApi: readStore,
  summary: () => '',
};

const KINDS = ['memory', 'redis', 'sqlite'];

function readStore({ root, options }: RawApi, reporter: Reporter): StorePart | undefined {
  const holder = root.get('x-gwc')?.at('store');
  const node = holder?.follow();
  const nodes = node === undefined ? [] : node.isArray ? node.items() : [node];
  if (holder && nodes.length === 0) reporter.report(diagnostics.INVALID_STORE, holder.keyOrigin, { problem: 'it names no store' });
  const texts = nodes.flatMap((each) => readEntry(each, holder!, reporter) ?? []);
  const kinds = [...texts, ...(options.stores ?? [])].map(kindOf).filter((kind): kind is 'redis' | 'sqlite' => kind !== 'memory');
  return kinds.length === 0 ? undefined : { kinds: [...new Set(kinds)].sort(), first: texts[0] ?? 'memory' };
}

/** What is wrong with an address is reported at `store`: a message shows the line it is about, and there may be a password in it. */
function readEntry(node: Node, holder: Node, reporter: Reporter): string | undefined {
  const { value } = node;
  if (typeof value !== 'string') { reporter.report(diagnostics.INVALID_STORE, holder.keyOrigin, { problem: 'an entry is no text' }); return undefined; }
  if (KINDS.includes(value)) return value;
  try {
    const address = parseStoreAddress(value);
    if (address.kind !== 'redis' || (address.password === undefined && address.sentinelPassword === undefined)) return value;
    reporter.report(diagnostics.SECRET_IN_STORE, holder.keyOrigin, {});
  } catch (error) {
    // A word alone hides no password.
    if (/^[a-z0-9]+$/i.test(value)) reporter.report(diagnostics.INVALID_STORE, node.origin, { problem: `there is no store '${value}'` });
    else reporter.report(diagnostics.INVALID_STORE, holder.keyOrigin, { problem: (error as WrongAddress).problem });
  }
  return undefined;
}

function kindOf(text: string): 'memory' | 'redis' | 'sqlite' {
  return text.startsWith('memory') ? 'memory' : text.startsWith('sqlite') ? 'sqlite' : 'redis';
}
