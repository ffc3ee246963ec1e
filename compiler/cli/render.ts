/** `gwc render <document> <operation>`: what a mapping template gives for an input; `gwc render --jsonl`: for many, one per line. */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { CommandModule } from 'yargs';
import { PayloadError, TemplateError } from '../../runtime/vtl/limits.js';
import { mockStatus } from '../../runtime/integration/mock-status.js';
import { unusedParameter } from '../1-load/placeholders/diagnostics.js';
import { analyse, type Analysis } from '../index.js';
import { emit } from '../vtl/emit.js';
import { load } from '../vtl/load.js';
import { parse } from '../vtl/parse.js';
import { renderCases } from '../vtl/render-cases.js';
import type { TemplateScope } from '../../runtime/vtl/scope.js';
import { overridesOf, scopeFromJson, type ScopeSource } from '../vtl/scope-from-json.js';
import { traceTemplate, type Assignment } from '../vtl/trace.js';
import { chooseRequestTemplate, chooseResponseTemplate, type Choice } from './choose-template.js';
import { compileOptions, documentOptions, documentPath, type CommonArguments } from './common-options.js';
import { findOperation } from './find-operation.js';
import { printDiagnostics } from './print-diagnostics.js';
import { printRendering, type Rendering } from './print-rendering.js';
import { readContext, refuseUnused, renderScope, splitParameters } from './render-input.js';
import { UsageError } from './usage-error.js';

interface RenderArguments extends Omit<CommonArguments, 'document'> {
  document?: string; operation?: string; jsonl: boolean; request?: boolean; response?: number; body?: string; bodyFile?: string;
  context?: string[]; contentType?: string; accept?: string; verbose: boolean;
}

export const render: CommandModule<object, RenderArguments> = {
  command: 'render [document] [operation]',
  describe: 'print what a mapping template gives for an input',
  builder: (yargs) => documentOptions(yargs)
    .positional('document', { type: 'string', demandOption: false, describe: 'OpenAPI document, YAML or JSON' })
    .positional('operation', { type: 'string', describe: 'operationId, or "GET /path"' })
    .option('request', { type: 'boolean', describe: 'the request template (default)' })
    .option('response', { type: 'number', requiresArg: true, describe: 'the response template for this status of the backend (of a mock: the statusCode of its request template)' })
    .option('body', { type: 'string', requiresArg: true, describe: 'the payload: the request\'s; with --response the backend\'s, or of a mock the request\'s' })
    .option('body-file', { type: 'string', requiresArg: true, describe: 'file with the payload; - reads standard input' })
    .option('param', { type: 'string', array: true, requiresArg: true, describe: 'request parameter: path.id=7, querystring.q=x, header.X-A=b; any other name is a ${placeholder}; may be repeated' })
    .option('context', { type: 'string', array: true, requiresArg: true, describe: '$context: a JSON object, or name=value such as identity.sourceIp=192.0.2.1; may be repeated' })
    .option('stage', { type: 'string', requiresArg: true, describe: 'stage of x-gwc.stages whose variables are used (default: the first)' })
    .option('content-type', { type: 'string', requiresArg: true, describe: 'of the request: chooses the request template (default: application/json)' })
    .option('accept', { type: 'string', requiresArg: true, describe: 'of the request: chooses the response template' })
    .option('verbose', { alias: 'v', type: 'boolean', default: false, describe: 'trace every variable the template sets' })
    .option('jsonl', { type: 'boolean', default: false, describe: 'read cases from standard input, one JSON object per line: {"id", "template", "body", "params", "context", "stageVariables", "dialect"}' })
    .conflicts({ request: 'response', body: 'body-file' }) as never,
  async handler(args) {
    if (args.jsonl) return renderLines(args);
    for (const name of ['body', 'body-file', 'response', 'content-type', 'accept', 'stage']) if (Array.isArray((args as Record<string, unknown>)[name])) throw new UsageError(`--${name}: give it once`);
    const { document, operation } = args;
    if (document === undefined || operation === undefined) throw new UsageError('gwc render <document> <operation>, or gwc render --jsonl');
    await renderOperation({ ...args, document }, operation);
  },
};

async function renderLines(args: RenderArguments): Promise<void> {
  if (args.document !== undefined) throw new UsageError('--jsonl takes its templates from standard input: no document');
  // Whoever reads may have seen enough (`| head`).
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  for await (const result of renderCases(createInterface({ input: process.stdin, crlfDelay: Infinity }))) {
    if (!process.stdout.write(result + '\n')) await new Promise((resume) => process.stdout.once('drain', resume));
  }
}

async function renderOperation(args: RenderArguments & { document: string }, named: string): Promise<void> {
  if (args.response !== undefined && !(Number.isInteger(args.response) && args.response >= 100 && args.response <= 599)) throw new UsageError('--response: give a status from 100 to 599');
  const { parameters, placeholders } = splitParameters(args.param ?? []);
  const context = readContext(args.context ?? []);
  const body = args.body ?? (args.bodyFile === undefined ? '' : readBody(args.bodyFile));
  const analysis = await analyse(documentPath(args.document), await compileOptions({ ...args, param: placeholders }));
  const errors = analysis.diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  if (!analysis.api || errors.length > 0) {
    printDiagnostics({ ...analysis, diagnostics: errors }, args.format);
    process.exitCode = 1;
    return;
  }
  const operation = findOperation(analysis.api, named);
  const said = new Set(analysis.diagnostics.filter(({ code }) => code === unusedParameter.code).map(({ message }) => message));
  refuseUnused(placeholders.map((pair) => pair.replace(/=[^]*$/, '')).filter((name) => said.has(unusedParameter.message({ name, suggestion: undefined }))), operation);
  const header = (name: string): string | undefined => Object.entries(parameters.header).find(([key]) => key.toLowerCase() === name)?.[1];
  const contentType = args.contentType ?? header('content-type'), accept = args.accept ?? header('accept');
  const source = renderScope(analysis.api, operation, { body, parameters, context, stage: args.stage, contentType, accept });
  const choice = args.response === undefined ? chooseRequestTemplate(operation, contentType) : chooseResponseTemplate(operation, args.response, accept, body);

  const trace: Assignment[] = [];
  const isMock = operation.integration.kind === 'mock';
  const scope = isMock && args.response !== undefined ? mockScope(chooseRequestTemplate(operation, contentType), source) : scopeFromJson(source);
  const rendering = 'error' in scope ? scope : renderChoice(choice, scope, body, args.verbose ? trace : null, isMock);
  printRendering(rendering, args.verbose ? trace.map((assignment) => ({ ...assignment, at: place(analysis, choice, assignment) })) : null, args.format);
  if (rendering.error !== undefined) process.exitCode = 1;
}

function renderChoice(choice: Choice, scope: TemplateScope, body: string, trace: Assignment[] | null, isMock: boolean): Rendering {
  if (choice.template) return renderTemplate(choice, scope, trace, isMock);
  const { response, otherwise, why } = choice;
  if (otherwise === 'nothing') return { note: why };
  // A mock's request template may have left overrides for an answer without a template.
  const overrides = isMock ? overridesOf(scope) : undefined;
  return { note: why, output: otherwise === 'payload' ? body : '', ...(overrides ? { overrides } : {}), ...(response ? { statusCode: finalStatus(overrides?.responseOverride.status, response.status) } : {}) };
}

/** With a trace the tree is walked; without, the very code a gateway would run. */
function renderTemplate({ template, response }: Choice, scope: TemplateScope, trace: Assignment[] | null, isMock: boolean): Rendering {
  const parsed = parse(template!.text);
  try {
    const output = trace ? traceTemplate(parsed, scope, (assignment) => { trace.push(assignment); }) : load(emit(parsed, { dialect: 'aws' }))(scope);
    const overrides = overridesOf(scope);
    if (response) return { output, overrides, statusCode: finalStatus(overrides.responseOverride.status, response.status) };
    const status = isMock ? mockStatus(output) : undefined;
    if (typeof status === 'string') return { output, overrides, note: `the mock answers 500: ${status}` };
    return { output, overrides, ...(status !== undefined ? { statusCode: status } : {}) };
  } catch (error) { return failure(error, ''); }
}

/** The scope of a mock's response templates: its request template runs first, on the request's payload, and what it wrote to the overrides is there; the mock's own payload is empty. */
function mockScope({ template }: Choice, source: ScopeSource): TemplateScope | Rendering & { error: string } {
  const request = scopeFromJson(source);
  try {
    if (template) load(emit(parse(template.text), { dialect: 'aws' }))(request);
  } catch (error) { return failure(error, 'the request template fails: '); }
  const { input } = scopeFromJson({ ...source, body: '' });
  return { input, context: request.context, stageVariables: request.stageVariables };
}

function failure(error: unknown, prefix: string): Rendering & { error: string } {
  if (error instanceof PayloadError) return { error: `${prefix}Could not process payload: ${error.message}`, statusCode: 400 };
  if (error instanceof TemplateError) return { error: `${prefix}${error.message}`, statusCode: 500 };
  throw error;
}

/** As the gateway takes `$context.responseOverride.status`. */
function finalStatus(override: unknown, status: number): number {
  const number = override === undefined || override === null ? NaN : Number(override);
  return Number.isInteger(number) && number >= 200 && number <= 599 ? number : status;
}

function place({ sources }: Analysis, { template }: Choice, { offset }: Assignment): string {
  if (offset === null) return '#evaluate';
  const { file, line, column } = sources.locate({ ...template!.origin, inside: { offset, length: 1 } });
  return `${file}:${line}:${column}`;
}

function readBody(file: string): string {
  try { return readFileSync(file === '-' ? 0 : file, 'utf8'); } catch (error) {
    throw new UsageError(`--body-file ${file}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message}`);
  }
}
