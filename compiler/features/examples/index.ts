import { code, helper, join, type Code } from '../../code.js';
import type { Feature, Operation, Unit } from '../../feature.js';
import { exampleAnswers, type ExampleAnswer, type SampleText } from './answers.js';
import type { ExamplesIntegration } from './ir.js';

const runtime = helper<typeof import('../../../runtime/integration/examples.js')>();
const exchangeModule = helper<typeof import('../../../runtime/exchange.js')>();
const sends = helper<typeof import('../../../runtime/send.js')>();

/** `--mock`: operations without an integration answer from examples and schemas; `Prefer: code=…, example=…` picks another. */
export const examples: Feature<ExamplesIntegration> = {
  key: 'examples',
  stage: 'integrate',
  integrationKinds: ['examples'],
  diagnostics: {},
  readIntegration: (raw) => (raw.api.options.mock && !raw.node.get('x-amazon-apigateway-integration') ? { kind: 'examples', origin: raw.node.origin } : undefined),
  summary: (_part, operation) => `examples → ${operation.responses.map((response) => response.status).join(', ') || '200'}`,
  emit: emitExamples,
};

function emitExamples(_part: ExamplesIntegration, operation: Operation, unit: Unit): Code {
  const answers = exampleAnswers(operation, unit.api);
  if (answers.length === 1 && answers[0]!.bodies.length <= 1) {
    const [answer] = answers as [ExampleAnswer];
    const [body] = answer.bodies;
    const constant = unit.constant(`${operation.id} example`, code`${exchangeModule('exchange', 'constantAnswer')}(${answer.status}, ${[...(body ? ['Content-Type', body.contentType] : []), ...answer.fields]}, ${textCode(body?.text ?? '', 'inline', unit)})`);
    return code`${sends('send', 'sendConstant')}(exchange, ${constant});`;
  }
  const list = answers.map((answer) => code`${runtime('integration/examples', 'exampleAnswer')}(${answer.status}, ${answer.fields}, [${join(answer.bodies.map((body) => code`[${body.contentType}, ${body.name}, ${textCode(body.text, 'declared', unit)}]`), ', ')}])`);
  const table = unit.constant(`${operation.id} examples`, code`[${join(list, ', ')}]`);
  return code`${runtime('integration/examples', 'sendExample')}(exchange, ${table});`;
}

/** What is written for a text; for one that takes long to make, when everything else is. */
function textCode(text: string | SampleText, how: 'inline' | 'declared', unit: Unit): Code {
  if (typeof text !== 'string') return unit.later(`example ${how} ${text.key}`, () => textCode(text.make(), how, unit));
  // Error bodies repeat all over a document: long texts are declared once.
  return how === 'declared' && text.length > 60 ? unit.constant('EXAMPLE', code`${text}`) : code`${text}`;
}
