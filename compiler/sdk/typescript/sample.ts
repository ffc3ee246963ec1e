/** Values for examples in the README: the least that the types allow, as TypeScript text. */
import type { SdkModel, TypeNode } from '../model.js';
import { literal, objectKey } from './text.js';

const FORMATS: Readonly<Record<string, string>> = { date: '2026-01-31', 'date-time': '2026-01-31T12:00:00Z', uuid: '3fa85f64-5717-4562-b3fc-2c963f66afa6', email: 'ada@example.com', uri: 'https://example.com', url: 'https://example.com' };

/** Undefined when no small value exists: a type that needs itself, or nothing at all. */
export class Samples {
  private readonly types: ReadonlyMap<string, TypeNode>;

  constructor(model: SdkModel) {
    this.types = new Map(model.types.map(({ name, node }) => [name, node]));
  }

  /** `name` is where the value stands: it makes strings speak. */
  text(node: TypeNode, name: string, depth = 0): string | undefined {
    if (depth > 6) return undefined;
    switch (node.kind) {
      case 'unknown': return '{}';
      case 'never': case 'void': return undefined;
      case 'null': return 'null';
      case 'boolean': return 'true';
      case 'number': return '1';
      case 'string': return literal(FORMATS[node.format ?? ''] ?? name);
      case 'binary': return `new Blob(['…'])`;
      case 'stream': return undefined;
      case 'literal': return node.value !== null && typeof node.value === 'object' ? '{}' : literal(node.value);
      case 'enum': return literal(node.values[0]!);
      case 'array': {
        const item = this.text(node.items, name.replace(/s$/, ''), depth + 1);
        return item === undefined ? '[]' : `[${item}]`;
      }
      case 'tuple': {
        const items = node.items.map((item) => this.text(item, name, depth + 1));
        return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
      }
      case 'union': {
        for (const member of node.members) {
          const text = this.text(member, name, depth);
          if (text !== undefined) return text;
        }
        return undefined;
      }
      case 'reference': {
        const type = this.types.get(node.name);
        return type && this.text(type, name, depth + 1);
      }
      case 'object': case 'intersection': case 'discriminated': {
        const members = this.members(node, depth);
        return members && (members.size === 0 ? '{}' : `{ ${[...members].map(([key, text]) => `${objectKey(key)}: ${text}`).join(', ')} }`);
      }
    }
  }

  /** Required properties, of all parts of an intersection together. Later parts are more specific. */
  private members(node: TypeNode, depth: number): Map<string, string> | undefined {
    const members = new Map<string, string>();
    if (depth > 6) return undefined;
    switch (node.kind) {
      case 'unknown': return members;
      case 'reference': {
        const type = this.types.get(node.name);
        return type && this.members(type, depth + 1);
      }
      case 'object':
        for (const { name, type, required } of node.properties) {
          if (!required) continue;
          const text = this.text(type, name, depth + 1);
          if (text === undefined) return undefined;
          members.set(name, text);
        }
        return members;
      case 'intersection':
        for (const part of node.members) {
          const inner = this.members(part, depth);
          if (!inner) return undefined;
          // `{ id: unknown }` only makes a property required.
          for (const [name, text] of inner) if (text !== '{}' || !members.has(name)) members.set(name, text);
        }
        return members;
      case 'union':
        for (const member of node.members) {
          const inner = this.members(member, depth);
          if (inner) return inner;
        }
        return undefined;
      case 'discriminated': {
        const [first] = node.variants;
        const inner = first && this.members(first.type, depth + 1);
        return inner && inner.set(node.property, literal(first.tags[0]!));
      }
      default: return undefined;
    }
  }
}
