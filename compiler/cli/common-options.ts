/** Options that several commands share, and how they become CompileOptions. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { isRemote } from '../1-load/remote/url.js';
import type { CompileOptions } from '../index.js';
import { UsageError } from './usage-error.js';

export type Format = 'text' | 'json' | 'github' | 'sarif';

export interface CommonArguments {
  document: string;
  upstream?: string;
  mock?: boolean;
  flavour?: string;
  overlay?: string[];
  param?: string[];
  params?: string[];
  stage?: string;
  basepath?: string;
  allowOutside?: boolean;
  allowRemote?: boolean;
  allowRemoteFrom?: string[];
  function?: string[];
  api?: string;
  localFunctions?: boolean;
  crs?: string;
  format: Format;
  strict: boolean;
}

/** Adds `<document>` and the options every command that reads one takes. */
export function documentOptions<T>(yargs: Argv<T>): Argv<T & CommonArguments> {
  return yargs
    .positional('document', { type: 'string', demandOption: true, describe: 'OpenAPI document, or SAM or CloudFormation template, YAML or JSON: a file or a URL' })
    .option('upstream', { type: 'string', describe: 'operations without an integration go to this URL (default: the first absolute server)' })
    .option('mock', { type: 'boolean', describe: 'operations without an integration answer from examples and schemas' })
    .option('flavour', { choices: ['rest', 'http'] as const, describe: 'behave as a REST or an HTTP API (default: inferred)' })
    .option('overlay', { type: 'string', array: true, requiresArg: true, describe: 'OpenAPI Overlay to apply; may be repeated' })
    .option('param', { type: 'string', array: true, requiresArg: true, describe: 'value of a ${placeholder}: k=v; may be repeated' })
    .option('params', { type: 'string', array: true, requiresArg: true, describe: 'file of placeholder values: JSON, YAML, .env or .tfvars; GWC_PARAM_name and TF_VAR_name in the environment come after it' })
    .option('basepath', { choices: ['ignore', 'prepend', 'split'] as const, describe: "the document's base path, as on import: left out (default), before every path, or before every path without its first segment" })
    .option('allow-outside', { type: 'boolean', default: false, describe: 'let $refs leave the folder of the document' })
    .option('allow-remote', { type: 'boolean', default: false, describe: 'let $refs lead to https URLs at public addresses' })
    .option('allow-remote-from', { type: 'string', array: true, requiresArg: true, describe: 'origin that $refs may lead to, http and private addresses included, e.g. http://schemas.internal:8080; may be repeated' })
    .option('stage', { type: 'string', requiresArg: true, describe: 'stage of x-gwc.stages that is the default at run time' })
    .option('function', { type: 'string', array: true, requiresArg: true, describe: 'where a Lambda function runs: NAME=./file.ts#export, NAME=https://…, NAME=exec:command or NAME=aws; may be repeated' })
    .option('api', { type: 'string', requiresArg: true, describe: 'which API of a template: its logical id' })
    .option('local-functions', { type: 'boolean', default: false, describe: 'compile the Node.js functions of a template into the gateway' })
    .option('crs', { type: 'string', requiresArg: true, describe: 'folder of the OWASP core rule set (*.conf) for the rule group OWASP CRS of web ACLs; SqliMatch and XssMatch ask it, too' })
    .option('format', { choices: ['text', 'json', 'github', 'sarif'] as const, default: 'text' as const, describe: 'how diagnostics are printed' })
    .option('strict', { type: 'boolean', default: false, describe: 'warnings fail the build' }) as unknown as Argv<T & CommonArguments>;
}

/** `<document>` as the pipeline takes it: an absolute path, or the URL. */
export function documentPath(document: string): string {
  return isRemote(document) ? document : resolve(document);
}

export async function compileOptions(args: CommonArguments): Promise<CompileOptions> {
  if (args.upstream !== undefined && args.mock) throw new UsageError('--upstream and --mock exclude each other: an operation has one backend');
  if (args.upstream !== undefined && !/^https?:\/\/[^/?#\s{}@]+(\/[^?#\s{}]*)?$/i.test(args.upstream)) throw new UsageError(`--upstream ${args.upstream}: give an http or https URL without query, e.g. http://localhost:3000`);
  for (const overlay of args.overlay ?? []) if (!existsSync(overlay)) throw new UsageError(`--overlay ${overlay}: there is no such file`);
  const params: Record<string, string> = {};
  for (const file of args.params ?? []) if (!existsSync(file)) throw new UsageError(`--params ${file}: there is no such file`);
  for (const pair of args.param ?? []) {
    const equals = pair.indexOf('=');
    if (equals <= 0) throw new UsageError(`--param ${pair}: write name=value`);
    params[pair.slice(0, equals)] = pair.slice(equals + 1);
  }
  for (const origin of args.allowRemoteFrom ?? []) if (!URL.canParse(origin) || !isRemote(origin) || !/^\/?$/.test(new URL(origin).pathname + new URL(origin).search)) throw new UsageError(`--allow-remote-from ${origin}: write scheme, host and port, e.g. https://schemas.example.com`);
  if (args.localFunctions && isRemote(args.document)) throw new UsageError('--local-functions: the functions of a template that is fetched are not here; download the project');
  const functions: Record<string, string> = {};
  for (const pair of args.function ?? []) {
    const equals = pair.indexOf('=');
    if (equals <= 0 || equals === pair.length - 1) throw new UsageError(`--function ${pair}: write NAME=TARGET, e.g. ListUsers=./src/users.ts#list`);
    functions[pair.slice(0, equals)] = pair.slice(equals + 1);
  }
  return {
    ...(args.upstream !== undefined ? { upstream: args.upstream } : {}),
    ...(args.mock ? { mock: true } : {}),
    ...(args.allowOutside ? { allowOutside: true } : {}),
    ...(args.allowRemote ? { allowRemote: true } : {}),
    ...(args.allowRemoteFrom ? { allowRemoteFrom: args.allowRemoteFrom } : {}),
    ...(args.flavour !== undefined ? { flavour: args.flavour as 'rest' | 'http' } : {}),
    ...(args.basepath !== undefined ? { basepath: args.basepath as 'ignore' | 'prepend' | 'split' } : {}),
    ...(args.stage !== undefined ? { stage: args.stage } : {}),
    functions,
    ...(args.api !== undefined ? { api: args.api } : {}),
    ...(args.localFunctions ? { localFunctions: true } : {}),
    ...(args.crs !== undefined ? { crs: args.crs } : {}),
    overlays: args.overlay ?? [],
    params,
    paramsFiles: args.params ?? [],
    environment: process.env,
    strict: args.strict,
  };
}
