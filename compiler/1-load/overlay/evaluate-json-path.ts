/** Finds the nodes that a JSONPath query selects (RFC 9535 §2). */
import type { Json } from '../../code.js';
import type { Operand, Query, Segment, Selector, Test } from './json-path-syntax.js';

export interface SelectedNode { readonly path: readonly string[]; readonly value: Json }

/** More than any document needs; `$..*..*` on a large one would otherwise fill the memory. */
const MOST_NODES = 5_000_000;

export class TooManyNodes extends Error {}

/** In document order, each place once. */
export function selectNodes(query: Query, root: Json): SelectedNode[] {
  const places = new Set<string>();
  return select(query, { path: [], value: root }, root).filter(({ path }) => {
    const place = JSON.stringify(path);
    return !places.has(place) && places.add(place);
  });
}

function select(query: Query, start: SelectedNode, root: Json): SelectedNode[] {
  let nodes: SelectedNode[] = [query.from === '$' ? { path: [], value: root } : start];
  for (const segment of query.segments) nodes = applySegment(segment, nodes, root);
  return nodes;
}

function applySegment({ descendant, selectors }: Segment, nodes: readonly SelectedNode[], root: Json): SelectedNode[] {
  const found: SelectedNode[] = [];
  const visit = (node: SelectedNode): void => {
    for (const selector of selectors) applySelector(selector, node, root, found);
    if (found.length > MOST_NODES) throw new TooManyNodes();
    if (descendant) for (const child of children(node)) visit(child);
  };
  nodes.forEach(visit);
  return found;
}

function applySelector(selector: Selector, node: SelectedNode, root: Json, found: SelectedNode[]): void {
  const { value } = node;
  switch (selector.kind) {
    case 'name': if (isObject(value) && Object.hasOwn(value, selector.name)) found.push(child(node, selector.name, value[selector.name]!)); return;
    case 'wildcard': found.push(...children(node)); return;
    case 'filter': found.push(...children(node).filter((item) => passes(selector.test, item, root))); return;
    case 'index': {
      if (!Array.isArray(value)) return;
      const index = selector.index < 0 ? value.length + selector.index : selector.index;
      if (index >= 0 && index < value.length) found.push(child(node, String(index), value[index] as Json));
      return;
    }
    case 'slice': if (Array.isArray(value)) for (const index of sliced(selector, value.length)) found.push(child(node, String(index), value[index] as Json)); return;
  }
}

/** RFC 9535 §2.3.4.2.2. */
function sliced({ start, end, step }: Extract<Selector, { kind: 'slice' }>, length: number): number[] {
  if (step === 0) return [];
  const normalise = (index: number): number => (index >= 0 ? index : length + index);
  const from = normalise(start ?? (step > 0 ? 0 : length - 1));
  const to = end === undefined ? (step > 0 ? length : -1) : normalise(end);
  const indices: number[] = [];
  if (step > 0) for (let i = Math.max(from, 0); i < Math.min(to, length); i += step) indices.push(i);
  else for (let i = Math.min(from, length - 1); i > Math.max(to, -1); i += step) indices.push(i);
  return indices;
}

function children(node: SelectedNode): SelectedNode[] {
  const { value } = node;
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).map((key) => child(node, key, (value as { readonly [key: string]: Json })[key]!));
}

function child(node: SelectedNode, key: string, value: Json): SelectedNode {
  return { path: [...node.path, key], value };
}

function passes(test: Test, node: SelectedNode, root: Json): boolean {
  switch (test.kind) {
    case 'or': return test.tests.some((inner) => passes(inner, node, root));
    case 'and': return test.tests.every((inner) => passes(inner, node, root));
    case 'not': return !passes(test.test, node, root);
    case 'exists': return select(test.query, node, root).length > 0;
    case 'compare': return compare(test.operator, operandValue(test.left, node, root), operandValue(test.right, node, root));
    case 'regexp': {
      const text = operandValue(test.text, node, root);
      const pattern = operandValue(test.pattern, node, root);
      if (typeof text !== 'string' || typeof pattern !== 'string') return false;
      try { return new RegExp(test.whole ? `^(?:${pattern})$` : pattern, 'u').test(text); } catch { return false; }
    }
  }
}

/** undefined is RFC 9535's Nothing. */
function operandValue(operand: Operand, node: SelectedNode, root: Json): Json | undefined {
  switch (operand.kind) {
    case 'literal': return operand.value;
    case 'query': return select(operand.query, node, root)[0]?.value;
    case 'count': return select(operand.query, node, root).length;
    case 'value': {
      const nodes = select(operand.query, node, root);
      return nodes.length === 1 ? nodes[0]!.value : undefined;
    }
    case 'length': {
      const value = operandValue(operand.of, node, root);
      if (typeof value === 'string') return [...value].length;
      return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
    }
  }
}

function compare(operator: '==' | '!=' | '<' | '<=' | '>' | '>=', left: Json | undefined, right: Json | undefined): boolean {
  switch (operator) {
    case '==': return equal(left, right);
    case '!=': return !equal(left, right);
    case '<': return less(left, right);
    case '>': return less(right, left);
    case '<=': return less(left, right) || equal(left, right);
    case '>=': return less(right, left) || equal(left, right);
  }
}

function less(left: Json | undefined, right: Json | undefined): boolean {
  return (typeof left === 'number' && typeof right === 'number' && left < right) || (typeof left === 'string' && typeof right === 'string' && left < right);
}

function equal(left: Json | undefined, right: Json | undefined): boolean {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return left === right;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && equal((left as { [key: string]: Json })[key], (right as { [key: string]: Json })[key]));
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
