/** From a document's schemas to running validators, for tests. */
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Json } from '../../code.js';
import { Reporter } from '../../diagnostics/report.js';
import type { Dialect, NamedSchema, Schema } from '../../ir.js';
import type { ValidationError } from '../../../runtime/validation/validation-error.js';
import type { Direction } from '../direction.js';
import { SchemaReader } from '../reader.js';
import { compileValidators } from '../compile-validators.js';
import { rootNode } from './in-memory-document.js';

const runtime = fileURLToPath(new URL('../../../runtime/', import.meta.url));

export type Validate = (value: unknown) => readonly ValidationError[] | null;

/** Runs a generated module: its imports are pointed at the compiled runtime. */
export async function loadModule(source: string): Promise<Record<string, Validate>> {
  const folder = mkdtempSync(join(runtime, '.test-'));
  const file = join(folder, 'validators.mjs');
  try {
    writeFileSync(file, source.replace(/"gwc\/runtime\/([^"]+)"/g, (_all, path: string) => JSON.stringify(pathToFileURL(join(runtime, `${path}.js`)).href)));
    return await import(pathToFileURL(file).href) as Record<string, Validate>;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface Lowered { readonly schema: Schema; readonly named: Record<string, NamedSchema>; readonly reporter: Reporter }

/** Reads `schema` as it would stand in a document of `dialect` with these components. */
export function lower(dialect: Dialect, schema: Json, components: Readonly<Record<string, Json>> = {}, others: Readonly<Record<string, Json>> = {}): Lowered {
  const root: Json = dialect === 'draft-04' ? { schema, definitions: components } : { schema, components: { schemas: components } };
  const reporter = new Reporter();
  const reader = new SchemaReader(dialect, reporter);
  const lowered = reader.read(rootNode(root, others).at('schema')!);
  return { schema: lowered, named: reader.named(), reporter };
}

/** Validators for many schemas at once: compiling and importing once keeps property tests fast. */
export async function validatorsOf(lowered: readonly { schema: Schema; direction?: Direction }[], named: Readonly<Record<string, NamedSchema>> = {}): Promise<Validate[]> {
  const compiled = compileValidators(lowered.map(({ schema, direction }, index) => ({ key: String(index), schema, direction: direction ?? 'request', hint: 'it' })), named);
  const module = await loadModule(compiled.source);
  return lowered.map((_item, index) => module[compiled.exportOf(String(index))]!);
}

export async function validatorOf(dialect: Dialect, schema: Json, components?: Readonly<Record<string, Json>>, direction: Direction = 'request'): Promise<Validate> {
  const { schema: lowered, named } = lower(dialect, schema, components);
  return (await validatorsOf([{ schema: lowered, direction }], named))[0]!;
}
