/**
 * What a bundle asks of the transports (`runtime/flags.ts`): found in the text of the modules in it, before they are taken apart. A module counts whether or not
 * all of it is used: what is found too much costs bytes, too little is what a test of all fixtures is for (`transport-flags.test.ts`).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { fileURLToPath } from 'node:url';

export interface TransportFlags {
  readonly BODIES: boolean;
  readonly STREAMS: boolean;
  readonly ALL_FIELDS: boolean;
  readonly UPGRADES: boolean;
  /** The others as bits, in their order. */
  readonly TRANSPORT: number;
}

const runtimeFolder = fileURLToPath(new URL('../../runtime/', import.meta.url));

/** What the flags are about: the two ends themselves. */
const TRANSPORTS = /^(?:exchange|fetch|http1\/(?:connection|head|reply|request-body|server))$/;
/** Transports that always carry everything. */
const WHOLE = /^(?:node-http|http2)\//;

/** What the transports of a bundle are made with. */
export interface TransportNeeds {
  readonly flags: TransportFlags;
  /** Statuses that it can answer with, as far as reason phrases go; undefined: any. */
  readonly statuses: ReadonlySet<number> | undefined;
}

interface Module { readonly statuses: readonly number[]; readonly anyStatus: boolean; readonly bodies: boolean; readonly streams: boolean; readonly allFields: boolean; readonly imports: readonly string[] }

const known = new Map<string, Module>();

/** `modules`: what generated code imports; `generated`: that code. */
export function transportNeeds(modules: Iterable<string>, generated: readonly string[]): TransportNeeds {
  const seen = new Set(modules);
  const found = generated.map((text) => look('', text));
  // What stands for an answer that cannot be sent is one of the transports' own; else they look at statuses only.
  const statuses = new Set([500, ...found.flatMap((module) => module.statuses)]);
  for (const name of seen) {
    const module = known.get(name) ?? look(name, readFileSync(`${runtimeFolder}${name}.js`, 'utf8'));
    known.set(name, module);
    if (!TRANSPORTS.test(name)) found.push(module);
    if (!/^(?:fetch|http1\/re(?:asons|ply))$/.test(name)) for (const status of module.statuses) statuses.add(status);
    for (const imported of module.imports) seen.add(imported);
  }
  const whole = [...seen].some((name) => WHOLE.test(name));
  const BODIES = whole || found.some(({ bodies }) => bodies);
  const STREAMS = whole || found.some(({ streams }) => streams);
  const ALL_FIELDS = whole || found.some(({ allFields }) => allFields);
  const UPGRADES = whole || seen.has('http1/upgrade');
  const TRANSPORT = [BODIES, STREAMS, ALL_FIELDS, UPGRADES].reduce((bits, flag, i) => (flag ? bits | (1 << i) : bits), 0);
  return { flags: { BODIES, STREAMS, ALL_FIELDS, UPGRADES, TRANSPORT }, statuses: STREAMS || found.some(({ anyStatus }) => anyStatus) ? undefined : statuses };
}

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"]+)\.js['"]/g;

function look(name: string, text: string): Module {
  return {
    bodies: /\bincoming\b|\.(?:collect|pipe)\(/.test(text), streams: /\.(?:begin|relay)\b/.test(text), allFields: /\.(?:forEach|name)\(/.test(text),
    statuses: [...text.matchAll(/\b[2-5]\d\d\b/g)].map(([status]) => Number(status)), anyStatus: /statusCode|responseOverride|response\.status/.test(text),
    imports: name === '' ? [] : [...text.matchAll(IMPORT)].map(([, path]) => join(name, '..', path!)),
  };
}
