/** CustomRequestHandling: fields that a web ACL adds to requests that go on. */
import type { Fields } from '../exchange.js';
import type { WafRequest } from './request.js';

export function insertFields(request: WafRequest, fields: readonly string[]): void {
  if (request.inserted === null) request.inserted = [...fields];
  else request.inserted.push(...fields);
}

/** The web ACL lets the request in, with what its rules inserted. */
export function letInWithFields(request: WafRequest): void {
  const { exchange, inserted } = request;
  if (inserted !== null) exchange.head = new FieldsWithInserted(exchange.head, inserted);
  request.next(exchange);
}

/** A request's fields with those a web ACL inserted, which replace the client's own of that name. */
class FieldsWithInserted implements Fields {
  private readonly byName = new Map<string, string>();
  private readonly names = new Map<string, string>();

  /** `inserted` is flat; of several of one name the last counts. */
  constructor(private readonly fields: Fields, inserted: readonly string[]) {
    for (let i = 0; i < inserted.length; i += 2) {
      this.byName.set(inserted[i]!.toLowerCase(), inserted[i + 1]!);
      this.names.set(inserted[i]!.toLowerCase(), inserted[i]!);
    }
  }

  get(name: string): string | undefined { return this.byName.get(name) ?? this.fields.get(name); }
  last(name: string): string | undefined { return this.byName.get(name) ?? this.fields.last(name); }
  all(name: string): string[] {
    const own = this.byName.get(name);
    return own === undefined ? this.fields.all(name) : [own];
  }

  forEach(visit: (name: string, value: string) => void): void {
    this.fields.forEach((name, value) => { if (!this.byName.has(name.toLowerCase())) visit(name, value); });
    for (const [lower, value] of this.byName) visit(this.names.get(lower)!, value);
  }
}
