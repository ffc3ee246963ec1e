/** The OpenAPI definition that an API resource names or holds, `AWS::Include`s put in. */
import { dirname, resolve } from 'node:path';
import type { Json } from '../../code.js';
import type { Sources } from '../../diagnostics/locate.js';
import type { Reporter } from '../../diagnostics/report.js';
import { escapePointer } from '../node.js';
import { parseSource } from '../parse-source.js';
import { readText } from '../read-file.js';
import { isRemote } from '../remote/url.js';
import { setOwn } from '../set-own.js';
import * as diagnostics from './diagnostics.js';
import { isObject, type JsonObject } from './is-template.js';
import { section, type Template } from './template.js';

export interface Definition {
  readonly root: { [key: string]: Json };
  /** The file that relative references are relative to. */
  readonly file: string;
  /** Where the root stands in that file. */
  readonly pointer: string;
  readonly text: string;
  /** Parts that come from other files, by their path in the document. */
  readonly grafts: readonly { readonly path: readonly string[]; readonly file: string }[];
}

interface Reading { readonly template: Template; readonly text: string; readonly sources: Sources; readonly reporter: Reporter }

/** null: the API has no definition. undefined: it has one that cannot be read; reported. */
export async function readDefinition(reading: Reading, properties: JsonObject, pointer: string): Promise<Definition | null | undefined> {
  const { template } = reading;
  for (const name of ['DefinitionBody', 'Body']) {
    if (properties[name] === undefined) continue;
    const written = properties[name];
    const included = isObject(written) ? includeLocation(template, written) : undefined;
    if (included !== undefined) return readFile(reading, included, name, `${pointer}/${name}`);
    const body = template.plain(written);
    if (!isObject(body)) {
      template.report(diagnostics.BAD_PROPERTY, `${pointer}/${name}`, { name, expected: 'an OpenAPI document' });
      return undefined;
    }
    return withIncludes(reading, body, { file: template.file, pointer: `${pointer}/${name}`, text: reading.text });
  }
  for (const name of ['DefinitionUri', 'BodyS3Location']) {
    if (properties[name] === undefined) continue;
    const written = properties[name]!;
    // {Bucket, Key}: an object in S3, whatever its name.
    if (isObject(written) && Object.hasOwn(written, 'Bucket')) {
      template.report(diagnostics.UNREADABLE_DEFINITION, `${pointer}/${name}`, { what: name, found: 'an object in S3' });
      return undefined;
    }
    return readFile(reading, template.text(written) ?? null, name, `${pointer}/${name}`, template.unknownIn(written)[0]);
  }
  return null;
}

/** `Fn::Transform: {Name: AWS::Include, Parameters: {Location}}`: the location; null when it has no value in a build. */
function includeLocation(template: Template, object: JsonObject): string | null | undefined {
  const transform = object['Fn::Transform'];
  if (!isObject(transform) || transform['Name'] !== 'AWS::Include') return undefined;
  return template.text(section(transform, 'Parameters')['Location']) ?? null;
}

async function readFile(reading: Reading, location: string | null, what: string, pointer: string, parameter?: string): Promise<Definition | undefined> {
  const file = localFile(reading.template, location, what, pointer, parameter);
  if (file === undefined) return undefined;
  const text = readText(file, location!, { file: reading.template.file, pointer }, reading.sources, reading.reporter);
  const root = text === undefined ? undefined : await parseSource(file, text, reading.sources, reading.reporter);
  if (root === undefined) return undefined;
  if (!isObject(root)) {
    reading.template.report(diagnostics.BAD_PROPERTY, pointer, { name: what, expected: 'a file that holds an OpenAPI document' });
    return undefined;
  }
  return withIncludes(reading, root, { file, pointer: '', text: text! });
}

function localFile(template: Template, location: string | null, what: string, pointer: string, parameter: string | undefined): string | undefined {
  if (isRemote(template.file)) {
    template.report(diagnostics.UNREADABLE_DEFINITION, pointer, { what, found: 'a file beside a template that came over the network' });
    return undefined;
  }
  if (location !== null && !/^[a-z][a-z0-9+.-]+:/i.test(location)) return resolve(dirname(template.file), location);
  template.report(diagnostics.UNREADABLE_DEFINITION, pointer, { what, found: location === null ? 'a value that is known only when the template is deployed' : `'${location.slice(0, 100)}'`, ...(parameter !== undefined && { parameter }) });
  return undefined;
}

async function withIncludes(reading: Reading, source: JsonObject, { file, pointer, text }: { file: string; pointer: string; text: string }): Promise<Definition | undefined> {
  const root = structuredClone(source) as { [key: string]: Json };
  const grafts: { path: readonly string[]; file: string }[] = [];
  let isWhole = true;
  const visit = async (object: { [key: string]: Json }, path: readonly string[]): Promise<void> => {
    const location = Object.hasOwn(object, 'Fn::Transform') ? includeLocation(reading.template, object) : undefined;
    if (location !== undefined) {
      const from = `${pointer}${path.map((key) => `/${escapePointer(key)}`).join('')}`;
      const included = file === reading.template.file ? await readFile(reading, location, 'the location of AWS::Include', from) : undefined;
      if (included === undefined) { isWhole = false; return; }
      delete object['Fn::Transform'];
      // Beside the transform stand siblings that win, as CloudFormation merges them.
      for (const [key, value] of Object.entries(included.root)) if (!Object.hasOwn(object, key)) { setOwn(object, key, value); grafts.push({ path: [...path, key], file: included.file }); }
      return;
    }
    for (const [key, value] of Object.entries(object)) if (isObject(value)) await visit(value as { [key: string]: Json }, [...path, key]);
  };
  await visit(root, []);
  return isWhole ? { root, file, pointer, text, grafts } : undefined;
}
