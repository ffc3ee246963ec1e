/** Compiles planned validators to a module with Ajv standalone. */
import AjvModule from 'ajv/dist/core.js';
import type { NamedSchema } from '../ir.js';
import { vocabulary } from './ajv-keywords.js';
import { finish, PATTERN_ENGINE, writeModule, type Finished } from './standalone.js';
import { functionNames, planValidators, type Checked, type Group, type ValidatorPlan, type ValidatorRequest } from './validators.js';

export interface Validators {
  /** An ES module (JavaScript). It imports only `gwc/runtime/validate/…` and exports `(value: unknown) => readonly ValidationError[] | null`. */
  readonly source: string;
  /** The export that validates what was asked for under `key`. */
  exportOf(key: string): string;
  readonly exports: readonly string[];
}

/** Plans and compiles at once. Never throws for schemas that `SchemaReader` made. */
export function compileValidators(requests: readonly ValidatorRequest[], schemas: Readonly<Record<string, NamedSchema>>, cache = new ValidatorCache()): Validators {
  const { plan, exportOf } = planValidators(requests, schemas);
  return { source: compilePlan(plan, cache), exports: plan.entries.map(({ name }) => name), exportOf };
}

/** Text of functions by everything it depends on, for builds that follow one another. */
export class ValidatorCache {
  private last = new Map<string, Finished>();
  private next = new Map<string, Finished>();

  of(key: string, make: () => Finished): Finished {
    const finished = this.next.get(key) ?? this.last.get(key) ?? make();
    this.next.set(key, finished);
    return finished;
  }

  /** What this build did not ask for is forgotten. */
  turn(): void {
    this.last = this.next;
    this.next = new Map();
  }
}

/** The module's text. The same plan gives the same text, with whatever `cache`. */
export function compilePlan(plan: ValidatorPlan, cache = new ValidatorCache()): string {
  const compiler = new GroupCompiler();
  const parts = plan.groups.map((group) => cache.of(group, () => compiler.compile(group)));
  cache.turn();
  return writeModule(parts, plan.entries);
}

type Ajv = InstanceType<typeof AjvModule.default>;

class GroupCompiler {
  private ajv: Ajv | undefined;
  /** Ajv takes keys for URIs, so they are numbers, not names of a document. */
  private keys = new Map<string, string>();
  private outside: ReadonlyMap<string, string> = new Map();
  private count = 0;
  private groups = 0;

  compile(text: string): Finished {
    // It keeps all it ever compiled, of which nothing is needed again.
    if (this.groups++ % GROUPS_PER_AJV === 0) this.ajv = this.start();
    const ajv = this.ajv!;
    const [nodes, outside] = JSON.parse(text) as Group;
    this.outside = new Map(outside);
    this.keys = new Map(nodes.map(([node]) => [node, `s${this.count++}`]));
    // In a circle a function that exists is called directly, one that does not yet through a wrapper.
    for (const [node, schema] of nodes) ajv.addSchema(asObject(schema) as never, this.keys.get(node)!, undefined, false);
    for (const [node] of nodes) ajv.getSchema(this.keys.get(node)!);
    const functions = nodes.map(([node]) => ajv.getSchema(this.keys.get(node)!)!.source!);
    const names = functionNames(text, nodes.length);
    return finish(functions, new Map(functions.map(({ validateName }, index) => [String(validateName), names[index]!])));
  }

  private start(): Ajv {
    return new AjvModule.default({
      allErrors: true, messages: false, strict: false, validateSchema: false, addUsedSchema: false, inlineRefs: false, logger: false, meta: false, schemaId: '$gwc',
      loopRequired: Infinity, loopEnum: Infinity, multipleOfPrecision: 10, unicodeRegExp: true,
      code: { source: true, esm: true, lines: true, optimize: 1, regExp: PATTERN_ENGINE, process: () => NEVER_CALLED }, uriResolver: KEYS,
    } as never).addVocabulary(vocabulary({ keyOf: (ref) => this.keys.get(ref)!, nameOf: (ref) => this.outside.get(ref) }));
  }
}

const GROUPS_PER_AJV = 100;

/** Keys are no URIs that would have to be taken apart. */
const KEYS = { parse: (path: string) => ({ path }), serialize: ({ path }: { readonly path: string }) => path, resolve: (_base: string, path: string) => path };

/** What Ajv makes a function of. It is the text that is wanted, and V8 would read it once more. */
const NEVER_CALLED = 'return function () {}';

/** Ajv keys schemas by object; `true` and `false` need one of their own. */
const asObject = (schema: Checked): Exclude<Checked, boolean> => (schema === true ? {} : schema === false ? { not: {} } : schema);
