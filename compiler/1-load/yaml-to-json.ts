/** From the nodes of the `yaml` package to JSON values, with the place of each node kept as four offsets. */
import { isAlias, isMap, isScalar, isSeq, type Pair, type ParsedNode, type Scalar, type YAMLMap } from 'yaml';
import type { Json } from '../code.js';
import { clip } from '../diagnostics/escape.js';
import type { DiagnosticDefinition } from '../diagnostics/define.js';
import type { NodeSpan, Positions, Span } from '../diagnostics/locate.js';
import type { Reporter } from '../diagnostics/report.js';
import * as diagnostics from './diagnostics.js';
import { MAX_ALIASED_VALUES, MAX_DEPTH } from './limits.js';
import { longForm } from './placeholders/tags.js';
import { setOwn } from './set-own.js';
import type { Parsed } from './parse-json.js';

type Container = { [key: string]: Json } | Json[];
interface Anchor { value?: Json; size: number; done: boolean }

/** Of each object and array the places of its children: four offsets per child, in the order of Object.keys: key start and end (-1 for none), value start and end. */
export type YamlSpans = WeakMap<object, Int32Array>;

export interface ParsedYaml extends Parsed {
  readonly span: Span;
  /** Whether there are anchors: then an object may stand at several places. */
  readonly hasAliases: boolean;
}

/** One per file. */
export class YamlConverter {
  private readonly anchors = new Map<string, Anchor>();
  private size = 0;
  private aliased = 0;
  private faulty = false;
  private stopped = false;

  constructor(private readonly file: string, private readonly text: string, private readonly reporter: Reporter, private readonly spans: YamlSpans = new WeakMap()) {}

  /** `depth`: how deep the node stands in the document, itself included. */
  convertRoot(node: ParsedNode, depth = 1): ParsedYaml {
    const root = this.convert(node, depth);
    const span = spanOf(node);
    return { root, span, positions: new YamlPositions(root, span, this.spans), faulty: this.faulty, hasAliases: this.anchors.size > 0 };
  }

  private convert(node: ParsedNode | null | undefined, depth: number): Json {
    if (!node || this.stopped) return null;
    if (depth > MAX_DEPTH) {
      this.stop(diagnostics.tooDeep, spanOf(node), { limit: MAX_DEPTH });
      return null;
    }
    if (isAlias(node)) return this.alias(node.source, spanOf(node));
    const anchor: Anchor | undefined = node.anchor ? { size: this.size, done: false } : undefined;
    if (anchor) this.anchors.set(node.anchor!, anchor);
    this.size++;
    let value: Json;
    if (isMap(node)) value = this.map(node as YAMLMap.Parsed, depth);
    else if (isSeq(node)) value = this.sequence(node.items as ParsedNode[], depth);
    else value = this.scalar(node as Scalar.Parsed);
    if (node.tag && !node.tag.startsWith('tag:yaml.org,2002:')) value = this.tagged(node.tag, value, node);
    if (anchor) Object.assign(anchor, { value, size: this.size - anchor.size, done: true });
    return value;
  }

  private sequence(items: readonly ParsedNode[], depth: number): Json {
    const array: Json[] = [];
    const spans = new Int32Array(items.length * 4);
    items.forEach((item, index) => {
      // In a sequence `- key: value` is a pair only inside flow brackets: [a: b].
      array.push(this.convert(item, depth + 1));
      setSpan(spans, index, undefined, spanOf(item));
    });
    this.spans.set(array, spans);
    return array;
  }

  private map(node: YAMLMap.Parsed, depth: number): Json {
    const object: { [key: string]: Json } = {};
    const places = new Map<string, NodeSpan>();
    const merges: Pair<ParsedNode, ParsedNode | null>[] = [];
    for (const pair of node.items) {
      const key = this.key(pair.key);
      if (key === undefined) continue;
      if (key === '<<' && isScalar(pair.key) && pair.key.type === 'PLAIN' && this.isMergeable(pair.value)) { merges.push(pair); continue; }
      const keySpan = spanOf(pair.key);
      const first = places.get(key);
      if (first) {
        this.faulty = true;
        this.reporter.report(diagnostics.duplicateKey, { file: this.file, pointer: '', span: keySpan }, { key }, [{ message: 'first here', origin: { file: this.file, pointer: '', span: first.key! } }]);
        continue;
      }
      places.set(key, { key: keySpan, value: pair.value ? spanOf(pair.value) : [keySpan[1], keySpan[1]] });
      setOwn(object, key, this.convert(pair.value, depth + 1));
    }
    for (const pair of merges) this.merge(object, places, pair, depth);
    const keys = Object.keys(object);
    const spans = new Int32Array(keys.length * 4);
    keys.forEach((key, index) => { const place = places.get(key)!; setSpan(spans, index, place.key, place.value); });
    this.spans.set(object, spans);
    return object;
  }

  private isMergeable(value: unknown): boolean {
    return isAlias(value) || isMap(value) || (isSeq(value) && value.items.every((item) => isAlias(item) || isMap(item)));
  }

  /** YAML 1.1's `<<: *anchor` and `<<: [*a, *b]`: keys that are not written out are taken over, the first source wins. */
  private merge(object: { [key: string]: Json }, places: Map<string, NodeSpan>, pair: Pair<ParsedNode, ParsedNode | null>, depth: number): void {
    const value = this.convert(pair.value, depth + 1);
    for (const source of Array.isArray(value) ? value as Json[] : [value]) {
      if (typeof source !== 'object' || source === null || Array.isArray(source)) continue;
      const spans = this.spans.get(source);
      Object.entries(source as { [key: string]: Json }).forEach(([key, item], index) => {
        if (Object.hasOwn(object, key)) return;
        setOwn(object, key, item);
        places.set(key, (spans && getSpan(spans, index)) ?? { key: spanOf(pair.key), value: spanOf(pair.key) });
      });
    }
  }

  private key(node: ParsedNode | null): string | undefined {
    if (node === null) return '';
    if (isScalar(node)) return node.type === 'PLAIN' ? (node as Scalar.Parsed).source : String(node.value);
    if (isAlias(node)) {
      const value = this.alias(node.source, spanOf(node));
      if (typeof value !== 'object') return String(value);
    }
    this.faulty = true;
    this.reporter.report(diagnostics.keyNotScalar, { file: this.file, pointer: '', span: firstLine(this.text, spanOf(node)) }, {});
    return undefined;
  }

  private scalar(node: Scalar.Parsed): Json {
    const value: unknown = node.value;
    if (typeof value === 'number' && !Number.isFinite(value)) {
      this.faulty = true;
      this.reporter.report(diagnostics.notFinite, { file: this.file, pointer: '', span: spanOf(node) }, { text: node.source });
      return null;
    }
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
    return node.source;
  }

  private alias(name: string, span: Span): Json {
    const anchor = this.anchors.get(name);
    if (!anchor) {
      this.faulty = true;
      this.reporter.report(diagnostics.yamlSyntax, { file: this.file, pointer: '', span }, { problem: `there is no anchor &${clip(name, 60)} before this alias`, hint: 'quote the text if it only starts with *' });
      return null;
    }
    if (!anchor.done) {
      this.stop(diagnostics.aliasCycle, span, { name });
      return null;
    }
    this.size += anchor.size;
    this.aliased += anchor.size;
    if (this.aliased > MAX_ALIASED_VALUES) this.stop(diagnostics.aliasBomb, span, { limit: MAX_ALIASED_VALUES });
    return anchor.value!;
  }

  /** `!Sub text` is `{"Fn::Sub": "text"}`; other tags mean nothing in OpenAPI. */
  private tagged(tag: string, value: Json, node: ParsedNode): Json {
    const form = longForm(tag, value);
    if (form === undefined) {
      const [start] = spanOf(node);
      const at = this.text.lastIndexOf(tag, start);
      this.reporter.report(diagnostics.unknownTag, { file: this.file, pointer: '', span: at === -1 ? [start, start + 1] : [at, at + tag.length] }, { tag });
      return value;
    }
    const spans = new Int32Array(4);
    setSpan(spans, 0, undefined, spanOf(node));
    this.spans.set(form, spans);
    return form;
  }

  private stop<P>(definition: DiagnosticDefinition<P>, span: Span, parameters: P): void {
    if (!this.stopped) this.reporter.report(definition, { file: this.file, pointer: '', span: firstLine(this.text, span) }, parameters);
    this.stopped = true;
    this.faulty = true;
  }
}

class YamlPositions implements Positions {
  constructor(private readonly root: Json, private readonly rootSpan: Span, private readonly spans: YamlSpans) {}

  find(tokens: readonly string[]): NodeSpan | undefined {
    return spanBelow(this.root, { value: this.rootSpan }, tokens, this.spans);
  }
}

/** The place of the node that `tokens` lead to from `from`, which stands at `span`. */
export function spanBelow(from: Json, span: NodeSpan, tokens: readonly string[], spans: YamlSpans): NodeSpan | undefined {
  let value = from;
  let found = span;
  for (const token of tokens) {
    if (typeof value !== 'object' || value === null) return undefined;
    const children = spans.get(value);
    const index = Array.isArray(value) ? (/^\d+$/.test(token) ? Number(token) : -1) : Object.keys(value).indexOf(token);
    if (!children || index < 0 || index * 4 >= children.length) return undefined;
    found = getSpan(children, index);
    value = (value as Container as { [key: string]: Json })[token]!;
  }
  return found;
}

function spanOf(node: { range?: readonly [number, number, number] | null }): Span {
  return node.range ? [node.range[0], node.range[1]] : [0, 0];
}

function firstLine(text: string, [start, end]: Span): Span {
  const newline = text.indexOf('\n', start);
  return [start, newline === -1 || newline > end ? end : newline];
}

function setSpan(spans: Int32Array, index: number, key: Span | undefined, value: Span): void {
  spans.set([key ? key[0] : -1, key ? key[1] : -1, value[0], value[1]], index * 4);
}

export function getSpan(spans: Int32Array, index: number): NodeSpan {
  const at = index * 4;
  const value: Span = [spans[at + 2]!, spans[at + 3]!];
  return spans[at]! < 0 ? { value } : { key: [spans[at]!, spans[at + 1]!], value };
}
