/** A handler that gives what the body of its event describes: JSON, in which `{"$": kind, …}` stands for what JSON has no words for. */
export async function handler(event: { readonly body?: string | null; readonly isBase64Encoded?: boolean; readonly recipe?: unknown }): Promise<unknown> {
  const recipe: unknown = event.recipe !== undefined ? event.recipe : JSON.parse(event.isBase64Encoded === true ? Buffer.from(event.body!, 'base64').toString('utf8') : event.body!);
  const answer = revive(recipe);
  if (answer instanceof Thrown) throw answer.value;
  return answer;
}

class Thrown { constructor(readonly value: unknown) {} }
class Point { readonly x = 1; private readonly y = 2; toString(): string { return `${this.x}${this.y}`; } }

function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== 'object' || value === null) return value;
  const kind = Object.hasOwn(value, '$') ? (value as { $: unknown }).$ : undefined;
  const of = (value as { of?: unknown }).of;
  switch (kind) {
    case 'undefined': return undefined;
    case 'nan': return NaN;
    case 'infinity': return Infinity;
    case 'minus-zero': return -0;
    case 'bigint': return 7n;
    case 'symbol': return Symbol('s');
    case 'function': return () => 1;
    case 'date': return new Date(0);
    case 'map': return new Map([['a', 1]]);
    case 'class': return new Point();
    case 'boxed': return Object(of ?? 'text');
    case 'buffer': return Buffer.from('ab');
    case 'to-json': return { statusCode: 500, toJSON: () => revive(of) };
    case 'bare': return Object.assign(Object.create(null) as object, revive(of));
    case 'inherits': return Object.create(revive(of) as object | null) as unknown;
    case 'getter': return Object.defineProperty({ statusCode: 200 }, 'body', { enumerable: true, get: () => 'got' });
    case 'hidden': return Object.defineProperty({ statusCode: 201 }, 'body', { enumerable: false, value: 'hidden' });
    case 'throwing-getter': return Object.defineProperty({ statusCode: 200 }, 'body', { enumerable: true, get: () => { throw new Error('no body'); } });
    case 'cyclic': { const cycle: Record<string, unknown> = { statusCode: 200 }; cycle['headers'] = cycle; return cycle; }
    case 'frozen': return Object.freeze(revive(of));
    case 'throw': return new Thrown(revive(of));
    case 'throw-error': return new Thrown(new TypeError(String(of)));
    default: {
      const object: Record<string, unknown> = {};
      for (const [name, item] of Object.entries(value)) Object.defineProperty(object, name, { value: revive(item), enumerable: true, configurable: true, writable: true });
      return object;
    }
  }
}
