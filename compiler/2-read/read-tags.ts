import type { Node } from '../1-load/node.js';
import type { Reporter } from '../diagnostics/report.js';
import { closest } from '../diagnostics/suggest.js';
import type { ApiTag } from '../ir.js';
import { UNKNOWN_TAG } from './diagnostics.js';

const TEXTS = ['summary', 'description', 'parent', 'kind'] as const;

/** The document's tags; what `parent` says makes a tree, which 3.2 calls the tag hierarchy. */
export function readTags(root: Node, reporter: Reporter): ApiTag[] {
  const nodes = root.get('tags')?.items() ?? [];
  const parents = new Map(nodes.map((tag) => [tag.string('name') ?? '', tag.string('parent')]));
  for (const tag of nodes) {
    const name = tag.string('name') ?? '';
    const parent = tag.string('parent');
    if (parent === undefined) continue;
    if (!parents.has(parent)) reporter.report(UNKNOWN_TAG, tag.at('parent')!.origin, { name, parent, problem: 'missing', suggestion: closest(parent, parents.keys()) });
    else if (isAbove(name, parents)) reporter.report(UNKNOWN_TAG, tag.at('parent')!.origin, { name, parent, problem: 'circular', suggestion: undefined });
  }
  return nodes.map((tag) => ({ name: tag.string('name') ?? '', ...Object.fromEntries(TEXTS.flatMap((field) => { const value = tag.string(field); return value === undefined ? [] : [[field, value]]; })) }));
}

function isAbove(name: string, parents: ReadonlyMap<string, string | undefined>): boolean {
  const seen = new Set<string>();
  for (let at = parents.get(name); at !== undefined && !seen.has(at); at = parents.get(at)) {
    if (at === name) return true;
    seen.add(at);
  }
  return false;
}
