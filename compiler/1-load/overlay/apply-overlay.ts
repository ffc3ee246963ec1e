/** Applies an OpenAPI Overlay (1.0, 1.1) to a document: https://spec.openapis.org/overlay/ */
import type { Json } from '../../code.js';
import type { Origin } from '../../diagnostics/define.js';
import type { Reporter } from '../../diagnostics/report.js';
import { closest } from '../../diagnostics/suggest.js';
import { MAX_DEPTH, MAX_OVERLAID_VALUES } from '../limits.js';
import { escapePointer } from '../node.js';
import * as diagnostics from './diagnostics.js';
import { TooManyNodes, selectNodes, type SelectedNode } from './evaluate-json-path.js';
import { Merge, type Loose } from './merge.js';
import { JsonPathError, parseJsonPath } from './parse-json-path.js';
import type { Provenance } from './provenance.js';

const ROOT_FIELDS = ['overlay', 'info', 'extends', 'actions', '$self'];
const ACTION_FIELDS = ['target', 'description', 'update', 'remove', 'copy'];

/** Changes `document.root`, a private copy. `file` is the overlay's path. False when the result is too large to go on with. */
export function applyOverlay(document: { root: Json }, overlay: Json, file: string, provenance: Provenance, reporter: Reporter): boolean {
  const no = (pointer: string, problem: string): true => {
    reporter.report(diagnostics.notAnOverlay, { file, pointer }, { problem });
    return true;
  };
  if (!isObject(overlay)) return no('', 'it is no object');
  const version = String(overlay['overlay'] ?? '');
  if (!Object.hasOwn(overlay, 'overlay')) return no('', 'the field `overlay` is missing');
  if (!/^1\.[0-9]+(?:\.\d+)?$/.test(version)) return no('/overlay', `version '${version.slice(0, 20)}' is not known`);
  const { actions } = overlay;
  if (!Array.isArray(actions)) return no('/actions', 'it has no list of actions');
  reportUnknownFields(overlay, ROOT_FIELDS, 'an overlay', file, '', reporter);
  const budget = { left: MAX_OVERLAID_VALUES };
  for (const [index, action] of (actions as readonly Json[]).entries()) {
    new Action(document, file, `/actions/${index}`, provenance, reporter, budget).apply(action);
    if (budget.left < 0) return false;
  }
  if (depthOf(document.root, MAX_DEPTH) <= MAX_DEPTH) return true;
  reporter.report(diagnostics.badAction, { file, pointer: '/actions' }, { problem: `the actions nest values more than ${MAX_DEPTH} levels deep` });
  return false;
}

class Action {
  constructor(private readonly document: { root: Json }, private readonly file: string, private readonly pointer: string, private readonly provenance: Provenance, private readonly reporter: Reporter, private readonly budget: { left: number }) {}

  apply(action: Json): void {
    if (!isObject(action)) return this.bad('', 'an action is an object');
    reportUnknownFields(action, ACTION_FIELDS, 'an action', this.file, this.pointer, this.reporter);
    const { target, update, remove, copy } = action;
    if (typeof target !== 'string') return this.bad(target === undefined ? '' : '/target', 'an action needs a target, which is a text');
    if (remove !== undefined && typeof remove !== 'boolean') return this.bad('/remove', 'remove is true or false');
    const nodes = this.select(target, '/target');
    if (!nodes) return;
    if (nodes.length === 0) this.reporter.report(diagnostics.noMatch, this.at('/target'), {});
    else if (remove === true) this.remove(nodes);
    else if (copy !== undefined) this.copy(nodes, copy);
    else if (update !== undefined) this.merge(nodes, update, { file: this.file, pointer: `${this.pointer}/update` });
    else this.bad('', 'an action needs update, remove: true or copy');
  }

  private select(query: string, field: string): SelectedNode[] | undefined {
    try {
      return selectNodes(parseJsonPath(query), this.document.root);
    } catch (error) {
      if (error instanceof JsonPathError) this.reporter.report(diagnostics.badJsonPath, { ...this.at(field), inside: { offset: error.offset, length: error.length } }, { problem: error.message, hint: error.hint });
      else if (error instanceof TooManyNodes) this.bad(field, 'the query selects millions of nodes');
      else throw error;
      return undefined;
    }
  }

  /** From the back, so that the indices of what is still to be removed stay true. */
  private remove(nodes: readonly SelectedNode[]): void {
    if (nodes.some(({ path }) => path.length === 0)) return this.bad('/target', 'the whole document cannot be removed');
    const byIndex = [...nodes].sort((a, b) => Number(b.path.at(-1)) - Number(a.path.at(-1)) || 0);
    for (const { path } of byIndex) {
      const parentPath = path.slice(0, -1);
      const parent = this.reach(parentPath);
      const key = path.at(-1)!;
      if (Array.isArray(parent)) {
        this.provenance.removeElement(parentPath, Number(key), parent.length);
        parent.splice(Number(key), 1);
      } else if (isObject(parent)) {
        this.provenance.removeKey(path);
        delete (parent as Loose)[key];
      }
    }
  }

  private copy(nodes: readonly SelectedNode[], copy: Json): void {
    if (typeof copy !== 'string') return this.bad('/copy', 'copy is a JSONPath');
    const sources = this.select(copy, '/copy');
    if (!sources) return;
    if (sources.length !== 1) return this.bad('/copy', `copy must select one node, and this selects ${sources.length}`);
    this.merge(nodes, structuredClone(sources[0]!.value) as Json, this.provenance.placeOf(sources[0]!.path));
  }

  private merge(nodes: readonly SelectedNode[], update: Json, from: { file: string; pointer: string }): void {
    this.budget.left -= sizeOf(update) * nodes.length;
    if (this.budget.left < 0) return this.bad('', `the overlay adds more than ${MAX_OVERLAID_VALUES} values`);
    const merge = new Merge(this.provenance, (target, value, place) => this.reporter.report(diagnostics.mismatch, place, { update: kind(value), target: kind(target) }));
    for (const { path } of nodes) {
      const replaced = merge.into(this.reach(path), update, path, from);
      if (replaced === undefined) continue;
      if (path.length === 0) this.document.root = replaced;
      else (this.reach(path.slice(0, -1)) as Loose)[path.at(-1)!] = replaced;
    }
  }

  /** undefined when an earlier change of the same action took the node away. */
  private reach(path: readonly string[]): Json {
    let value: Json = this.document.root;
    for (const token of path) value = (typeof value === 'object' && value !== null ? (value as Loose)[token] : undefined) ?? null;
    return value;
  }

  private at(field: string): Origin { return { file: this.file, pointer: `${this.pointer}${field}` }; }

  private bad(field: string, problem: string): void {
    this.reporter.report(diagnostics.badAction, this.at(field), { problem });
  }
}

function sizeOf(value: Json): number {
  let size = 1;
  if (typeof value === 'object' && value !== null) for (const child of Object.values(value)) size += sizeOf(child as Json);
  return size;
}

/** Stops counting below `limit`. */
function depthOf(value: Json, limit: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (limit <= 0) return 1;
  let deepest = 0;
  for (const child of Object.values(value)) deepest = Math.max(deepest, depthOf(child as Json, limit - 1));
  return deepest + 1;
}

function reportUnknownFields(object: { readonly [key: string]: Json }, known: readonly string[], owner: string, file: string, pointer: string, reporter: Reporter): void {
  for (const name of Object.keys(object)) {
    if (!known.includes(name) && !name.startsWith('x-')) reporter.report(diagnostics.unknownOverlayField, { file, pointer: `${pointer}/${escapePointer(name)}`, key: true }, { name, owner, suggestion: closest(name, known) });
  }
}

function kind(value: Json): string {
  return Array.isArray(value) ? 'a list' : isObject(value) ? 'an object' : 'a simple value';
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
