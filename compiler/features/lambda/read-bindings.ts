/** `x-gwc.functions` and `--function`: where functions run. */
import { dirname, resolve } from 'node:path';
import type { Node } from '../../1-load/node.js';
import { isRemote } from '../../1-load/remote/url.js';
import type { Origin } from '../../diagnostics/define.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { RawApi } from '../../feature.js';
import { INVALID_BINDING } from './diagnostics.js';
import { splitCommand } from '../../../runtime/lambda/split-command.js';
import type { FunctionTarget, Isolation } from '../../functions/call.js';

const KINDS = ['handler', 'endpoint', 'exec'] as const;
const DEFAULT_MAXIMUM = 10;
/** Lambda's own default. */
const DEFAULT_MEMORY_MB = 128;
const EXPORT = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** Flags win over the document. */
export function readBindings(raw: RawApi, reporter: Reporter): Record<string, FunctionTarget> {
  const bindings: Record<string, FunctionTarget> = Object.create(null) as Record<string, FunctionTarget>;
  for (const [name, entry] of raw.root.get('x-gwc')?.get('functions')?.entries() ?? []) {
    const target = readBinding(entry.follow());
    if (typeof target === 'string') reporter.report(INVALID_BINDING, entry.origin, { name, problem: target });
    else bindings[name] = target;
  }
  const base = raw.options.cwd ?? process.cwd();
  for (const [name, text] of Object.entries(raw.options.functions ?? {})) {
    const target = readFlag(text, base, raw.root.origin);
    if (typeof target === 'string') reporter.report(INVALID_BINDING, raw.root.origin, { name, problem: `--function ${name}=${text}: ${target}` });
    else bindings[name] = target;
  }
  return bindings;
}

/** The fields that stand in place of a target: `'module', but `. */
function saidInstead(node: Node): string {
  const names = node.entries().map(([name]) => `'${name.slice(0, 40)}'`).slice(0, 3);
  return names.length === 0 ? '' : `${names.join(' and ')}, but `;
}

/** A string says what is wrong. */
function readBinding(node: Node): FunctionTarget | string {
  const present = KINDS.filter((kind) => node.at(kind));
  if (present.length !== 1) return present.length === 0 ? `says ${saidInstead(node)}neither handler nor endpoint nor exec` : `says ${present.join(' and ')}: a function runs in one place`;
  const value = node.get(present[0]!)!;
  if (present[0] !== 'endpoint' && isRemote(node.file)) return `cannot say ${present[0]}: it came over the network, and what runs here is said here (--function)`;
  if (present[0] === 'exec') return readExec(value, node);
  if (typeof value.value !== 'string') return `${present[0]} must be a text`;
  if (present[0] === 'endpoint') return endpointTarget(value.value, value.origin);
  const isolation = readIsolation(node);
  return typeof isolation === 'string' ? isolation : handlerTarget(value.value, dirname(node.file), isolation, value.origin);
}

/** `--function NAME=TARGET`. */
function readFlag(text: string, base: string, origin: Origin): FunctionTarget | string {
  if (text === 'aws') return { kind: 'aws', origin };
  if (/^https?:/i.test(text)) return endpointTarget(text, origin);
  if (text.startsWith('exec:')) return execTarget(splitCommand(text.slice(5)), DEFAULT_MAXIMUM, origin);
  const isIsolated = text.startsWith('isolated:');
  return handlerTarget(isIsolated ? text.slice('isolated:'.length) : text, base, isIsolated ? { memoryMb: DEFAULT_MEMORY_MB, maximum: DEFAULT_MAXIMUM } : null, origin);
}

/** `isolate`, `memory` (MB) or `maxConcurrency` ask for threads; a text says what is wrong. */
function readIsolation(binding: Node): Isolation | null | string {
  const isolate = binding.at('isolate')?.value, memory = binding.at('memory')?.value;
  if (isolate !== undefined && typeof isolate !== 'boolean') return 'isolate must be true or false';
  if (memory !== undefined && (typeof memory !== 'number' || !Number.isInteger(memory) || memory < 16 || memory > 10_240)) return 'memory must be a whole number of megabytes from 16 to 10240';
  const maximum = readMaximum(binding);
  if (typeof maximum === 'string') return maximum;
  if (isolate !== true && memory === undefined) return binding.at('maxConcurrency') ? 'maxConcurrency needs isolate: true: without, calls run beside each other in the gateway' : null;
  if (isolate === false) return 'memory is limited with isolate: true only';
  return { memoryMb: memory as number | undefined ?? DEFAULT_MEMORY_MB, maximum };
}

function readMaximum(binding: Node): number | string {
  const maximum = binding.at('maxConcurrency')?.value ?? DEFAULT_MAXIMUM;
  return typeof maximum === 'number' && Number.isInteger(maximum) && maximum >= 1 && maximum <= 1_000 ? maximum : 'maxConcurrency must be a whole number from 1 to 1000';
}

function handlerTarget(written: string, base: string, isolation: Isolation | null, origin: Origin): FunctionTarget | string {
  const hash = written.lastIndexOf('#');
  const path = hash < 0 ? written : written.slice(0, hash);
  const exportName = hash < 0 ? 'handler' : written.slice(hash + 1);
  if (path === '') return `handler '${written}' names no file`;
  if (!EXPORT.test(exportName)) return `'${exportName}' is no name of an export`;
  return { kind: 'module', file: resolve(base, path), exportName, written, isolation, origin };
}

function endpointTarget(text: string, origin: Origin): FunctionTarget | string {
  let url: URL;
  try { url = new URL(text); } catch { return `endpoint '${text}' is no URL`; }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return `endpoint '${text}' is no http or https URL`;
  if (url.username !== '' || url.password !== '') return 'an endpoint cannot hold user information (user@host)';
  return { kind: 'endpoint', url: url.href, origin };
}

function readExec(value: Node, binding: Node): FunctionTarget | string {
  const maximum = readMaximum(binding);
  if (typeof maximum === 'string') return maximum;
  const words = typeof value.value === 'string' ? splitCommand(value.value) : value.items().map((item) => item.value);
  if (!words.every((word) => typeof word === 'string')) return 'exec must be a text or a list of texts';
  return execTarget(words as string[], maximum, value.origin);
}

function execTarget(command: readonly string[], maximum: number, origin: Origin): FunctionTarget | string {
  if (command.length === 0 || command[0] === '') return 'exec names no program';
  return command.some((word) => word.includes('\0')) ? 'exec holds a NUL character' : { kind: 'exec', command, maximum, origin };
}
