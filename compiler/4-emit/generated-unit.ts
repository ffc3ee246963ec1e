/** The Unit: gathers what handlers declare. Equal declarations are shared; names are unique, whatever the document calls things. */
import { Code, code, comment, identifier, Imported, Later, print, Imports } from '../code.js';
import type { BuildOptions, Unit } from '../feature.js';
import { emitGatewayResponse } from '../features/gateway-responses/emit.js';
import type { Api, Operation, Schema } from '../ir.js';
import type { ValidatorRequest } from '../schema/index.js';
import type { Origin } from '../diagnostics/define.js';
import type { LocalFunction } from './local-function.js';
import { RESERVED_WORDS } from './reserved-words.js';
import { UniqueNames } from '../unique-names.js';

export class GeneratedUnit implements Unit {
  /** In order: a declaration only refers to earlier ones (functions may refer to later ones). */
  readonly declarations: Code[] = [];
  /** Validators to compile, by key; `4-emit` hands them to the schema engine. */
  readonly validators = new Map<string, ValidatorRequest & { readonly imported: Imported }>();
  /** The user's own modules that are called in-process; `5-bundle` compiles them. */
  readonly localFunctions: LocalFunction[] = [];
  readonly names = new UniqueNames(RESERVED_WORDS);
  private readonly shared = new Map<string, Code>();
  /** What the handler being emitted has; set by emit-gateway. */
  current: { operation: Operation; response: Code | undefined; body: boolean; next: Code | undefined } | undefined;

  private readonly routeOf: ReadonlyMap<Operation, number>;

  constructor(readonly api: Api, readonly options: BuildOptions, private readonly pathVariableOf: (route: number, name: string) => Code) {
    this.routeOf = new Map(api.operations.map((operation, index) => [operation, index]));
  }

  name(hint: string): Code {
    const words = hint.normalize('NFKD').replace(/[^A-Za-z0-9_$]+/g, ' ').trim().split(' ').filter(Boolean);
    const joined = words.map((word, index) => (index === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join('').slice(0, 60);
    const base = joined === '' || /^[0-9]/.test(joined) ? `_${joined}` : joined;
    return identifier(this.names.take(base));
  }

  constant(hint: string, value: Code): Code {
    return this.share(`const ${textOf(value)}`, () => {
      const name = this.name(constantCase(hint));
      this.declarations.push(code`const ${name} = ${value};\n`);
      return name;
    });
  }

  private readonly laterOnes = new Map<string, { readonly item: Later; readonly make: () => Code }>();

  later(key: string, make: () => Code): Code {
    let known = this.laterOnes.get(key);
    if (!known) this.laterOnes.set(key, (known = { item: new Later(key), make }));
    return new Code([known.item]);
  }

  /** Makes what was left for later. What that declares stands before everything that was declared until now. */
  finish(): void {
    const before = this.declarations.splice(0);
    for (const { item, make } of this.laterOnes.values()) item.value = make();
    for (const declaration of before) this.declarations.push(declaration);
  }

  func(hint: string, parameters: Code, result: Code, body: Code, doc?: string): Code {
    return this.share(`function ${textOf(parameters)} ${textOf(result)} ${textOf(body)}`, () => {
      const name = this.name(hint.includes(' ') ? hint.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase()) : hint);
      this.declarations.push(code`${doc === undefined ? code`` : comment(doc)}function ${name}(${parameters}): ${result} {\n${body}\n}\n`);
      return name;
    });
  }

  validator(schema: Schema, direction: 'request' | 'response' | 'model', hint: string): Code {
    const key = `${direction} ${JSON.stringify(schema)}`;
    let entry = this.validators.get(key);
    if (!entry) {
      entry = { key, schema, direction, hint, imported: new Imported('validators', `validator${this.validators.size}`) };
      this.validators.set(key, entry);
    }
    return code`${entry.imported}`;
  }

  readonly ends = new Map<string, Code>();
  private readonly begins = { start: new Map<string, Code>(), primary: new Map<string, Code>() };
  readonly numbers = new Map<string, Code>();
  readonly adminParts = new Map<string, Code>();
  adminPort(part: Code): void { this.adminParts.set(textOf(part), part); }
  commandLine(numbers: Code): void { this.numbers.set(textOf(numbers), numbers); }
  readonly flags = new Map<string, Code>();
  flag(flag: Code): void { this.flags.set(textOf(flag), flag); }
  atClose(end: Code): void { this.ends.set(textOf(end), end); }

  gatewayResponse(type: string, operation?: Operation): Code {
    return emitGatewayResponse(type, this.api.parts.gatewayResponses, operation, this);
  }

  routesWhere(test: (operation: Operation) => boolean): readonly number[] {
    return this.api.operations.flatMap((operation, index) => (test(operation) ? [index] : []));
  }

  perRoute(hint: string, value: (operation: Operation) => Code): Code {
    const values = this.api.operations.map(value);
    return this.constant(hint, code`[${values.flatMap((each, index) => (index === 0 ? [each] : [code`, `, each]))}]`);
  }

  pathVariable(operation: Operation, name: string): Code {
    return this.pathVariableOf(this.routeOf.get(operation)!, name);
  }

  localFunction(file: string, exportName: string, origin: Origin): Code { return this.local(file, exportName, false, false, origin); }
  localProgram(file: string, exportName: string, streams: boolean, origin: Origin): Code { return this.local(file, exportName, true, streams, origin); }

  private local(file: string, exportName: string, isProgram: boolean, streams: boolean, origin: Origin): Code {
    let known = this.localFunctions.find((each) => each.file === file && each.exportName === exportName && each.isProgram === isProgram);
    if (!known) this.localFunctions.push((known = { file, exportName, isProgram, streams, name: `function${this.localFunctions.length}`, origin }));
    known.streams ||= streams;
    return code`${new Imported('functions', known.name)}`;
  }

  responseHandler(operation: Operation): Code | undefined {
    return this.current?.operation === operation ? this.current.response : undefined;
  }

  atStart(statement: Code): void { this.begins.start.set(textOf(statement), statement); }
  atPrimary(statement: Code): void { this.begins.primary.set(textOf(statement), statement); }

  /** What is to run at a beginning, in an order that does not depend on which operation asked first. */
  starts(when: 'start' | 'primary'): Code[] {
    const parameters = when === 'start' ? code`state, options` : code`cluster, store, log`;
    return [...this.begins[when]].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, statement]) => code`(${parameters}): void => { ${statement} }`);
  }

  continuation(operation: Operation): Code {
    const next = this.current?.operation === operation ? this.current.next : undefined;
    if (!next) throw new Error(`${operation.id}: the step does not say that it continues`);
    return next;
  }

  hasRequestBody(operation: Operation): boolean {
    return this.current?.operation === operation && this.current.body;
  }

  private share(key: string, declare: () => Code): Code {
    let name = this.shared.get(key);
    if (!name) this.shared.set(key, (name = declare()));
    return name;
  }
}

/** A text that identifies code; imports keep their own names. */
function textOf(value: Code): string {
  return print(value, new Imports(new Set()), true);
}

/** `pets backend` → `PETS_BACKEND`. */
function constantCase(hint: string): string {
  return /^[A-Z0-9_]+$/.test(hint) ? hint : hint.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '').toUpperCase() || 'VALUE';
}
