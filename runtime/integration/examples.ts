/** `--mock`: picks among the answers an operation's document gives examples for. */
import { constantAnswer, type ConstantAnswer, type Exchange } from '../exchange.js';
import { send, sendConstant } from '../send.js';

export interface ExampleAnswer {
  readonly status: number;
  readonly fields: readonly string[];
  /** [content type, name, text] */
  readonly bodies: readonly (readonly [string, string, string])[];
  /** Built when first sent: a large document has thousands of examples and most are never asked for. */
  readonly built: (ConstantAnswer | undefined)[];
}

export function exampleAnswer(status: number, fields: readonly string[], bodies: readonly (readonly [string, string, string])[]): ExampleAnswer {
  return { status, fields, bodies, built: [] };
}

/** Sends the default answer, or the one `Prefer: code=404, example=name` asks for (RFC 7240; the names are those Prism uses). */
export function sendExample(exchange: Exchange, answers: readonly ExampleAnswer[]): void {
  const prefer = exchange.head.get('prefer');
  let answer = answers[0]!;
  let name = '';
  if (prefer !== undefined) {
    const code = preference(prefer, 'code');
    name = preference(prefer, 'example');
    const found = code !== '' ? answers.find((each) => String(each.status) === code) : name !== '' ? answers.find((each) => each.bodies.some((body) => body[1] === name)) : answer;
    if (found === undefined || (name !== '' && !found.bodies.some((body) => body[1] === name))) {
      const statuses = answers.map((each) => each.status).join(', ');
      const names = answers.flatMap((each) => each.bodies.map((body) => body[1])).filter((each) => each !== '').join(', ');
      return send(exchange, 400, ['Content-Type', 'application/problem+json'], JSON.stringify({
        type: 'about:blank', title: 'Bad Request', status: 400,
        detail: `the document has no such example; codes: ${statuses}${names === '' ? '' : `; examples: ${names}`}`,
      }));
    }
    answer = found;
  }
  if (prefer !== undefined) exchange.extraFields = [...(exchange.extraFields ?? []), 'Preference-Applied', `code=${answer.status}`];
  if (answer.bodies.length === 0) return sendConstant(exchange, (answer.built[0] ??= constantAnswer(answer.status, answer.fields, '')));
  const index = pickBody(exchange, answer, name);
  const [contentType, , text] = answer.bodies[index]!;
  sendConstant(exchange, (answer.built[index] ??= constantAnswer(answer.status, ['Content-Type', contentType, ...answer.fields], text)));
}

/** `code=404, example="not found"`: the value of one preference, '' when it is not there. */
function preference(field: string, name: string): string {
  for (const part of field.split(/[,;]/)) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim().toLowerCase() === name) return part.slice(equals + 1).trim().replace(/^"(.*)"$/, '$1');
  }
  return '';
}

/** Media ranges of an Accept field, the preferred ones first (RFC 9110 §12.5.1). Of those that are refused (`q=0`) only whole types count. */
function accepted(field: string): { readonly ranges: string[]; readonly refused: string[] } {
  const all = field.split(',').map((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return { type: type!, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
  });
  all.sort((a, b) => b.quality - a.quality);
  return { ranges: all.filter(({ quality }) => quality > 0).map(({ type }) => type), refused: all.filter(({ quality }) => quality === 0).map(({ type }) => type) };
}

/** The named example, else the first of a media type the client accepts, else the first. */
function pickBody(exchange: Exchange, answer: ExampleAnswer, name: string): number {
  if (name !== '') return answer.bodies.findIndex((body) => body[1] === name);
  if (answer.bodies.length === 1) return 0;
  const accept = exchange.head.get('accept');
  if (accept === undefined) return 0;
  const { ranges, refused } = accepted(accept);
  for (const type of ranges) {
    const index = answer.bodies.findIndex((body) => {
      const own = body[0].split(';', 1)[0]!.trim().toLowerCase();
      return !refused.includes(own) && (own === type || type === '*/*' || (type.endsWith('/*') && own.startsWith(type.slice(0, -1))));
    });
    if (index >= 0) return index;
  }
  return 0;
}
