/** Operations as the document's tags group them (OpenAPI 3.2: `parent` makes a tree, `kind` says what a tag is for). */
import type { SdkModel } from './model.js';
import type { SdkOperation } from './read-operations.js';

export interface SdkTag {
  readonly name: string;
  readonly summary?: string;
  readonly description?: string;
  readonly parent?: string;
  readonly kind?: string;
}

export interface TagGroup {
  /** undefined: operations without a tag that groups. */
  readonly tag: SdkTag | undefined;
  /** 0 at the top. */
  readonly depth: number;
  /** Each operation stands in one group, that of the first of its tags that groups. */
  readonly operations: readonly SdkOperation[];
}

/** `nav` is for navigation; `badge`, `audience` and what people make up mark operations of any group. */
export function groups({ kind }: SdkTag): boolean {
  return kind === undefined || kind === 'nav';
}

/** In the order of the document's tags, children after their parent, then tags that only operations name. A group without operations, its own or below, is left out. */
export function tagGroups({ tags, operations }: Pick<SdkModel, 'tags' | 'operations'>): TagGroup[] {
  const known = new Map<string, SdkTag>(tags.map((tag) => [tag.name, tag]));
  for (const operation of operations) for (const name of operation.tags) if (!known.has(name)) known.set(name, { name });
  const members = new Map<string | undefined, SdkOperation[]>();
  for (const operation of operations) {
    const home = operation.tags.find((name) => groups(known.get(name)!));
    const list = members.get(home);
    if (list) list.push(operation);
    else members.set(home, [operation]);
  }
  const children = new Map<string | undefined, SdkTag[]>();
  for (const tag of known.values()) {
    if (!groups(tag)) continue;
    const parent = parentOf(tag, known);
    const list = children.get(parent);
    if (list) list.push(tag);
    else children.set(parent, [tag]);
  }
  const result: TagGroup[] = [];
  const visit = (tag: SdkTag, depth: number): void => {
    const at = result.length;
    result.push({ tag, depth, operations: members.get(tag.name) ?? [] });
    for (const child of children.get(tag.name) ?? []) visit(child, depth + 1);
    if (result.length === at + 1 && result[at]!.operations.length === 0) result.pop();
  };
  for (const tag of children.get(undefined) ?? []) visit(tag, 0);
  const rest = members.get(undefined);
  return rest ? [...result, { tag: undefined, depth: 0, operations: rest }] : result;
}

/** The nearest tag above that groups; none for a tag whose parents are unknown or go in a circle (which the reader of the document has reported). */
function parentOf(tag: SdkTag, known: ReadonlyMap<string, SdkTag>): string | undefined {
  const seen = new Set([tag.name]);
  let found: string | undefined;
  for (let at = tag.parent; at !== undefined; at = known.get(at)!.parent) {
    if (seen.has(at)) return undefined;
    if (!known.has(at)) return found;
    seen.add(at);
    if (found === undefined && groups(known.get(at)!)) found = at;
  }
  return found;
}
