/**
 * A reader that keeps, from one reading of a document to the next, what became of schemas that are the same objects as before: those that stand in tables of
 * components, or are read on their own. What a schema depends on besides itself it asks its reader for: that is asked again, in the same order, and when an answer
 * is another one than before the schema is lowered anew.
 */
import type { Json } from '../code.js';
import type { DiagnosticDefinition } from '../diagnostics/define.js';
import type { Reporter } from '../diagnostics/report.js';
import type { Dialect, Schema } from '../ir.js';
import { isObject, own, SchemaReader, type Place, type RawObject } from './reader.js';

/** What lowering a schema asks for and reports. */
type Event =
  | { readonly kind: 'report'; readonly send: (reader: SchemaReader) => void }
  | { readonly kind: 'format'; readonly format: string; readonly place: Place }
  | { readonly kind: 'locate'; readonly ref: string; readonly from: Place; readonly found: Place | undefined }
  | { readonly kind: 'name'; readonly place: Place; readonly name: string };

interface Kept { readonly id: string; readonly schema: Schema; readonly events: readonly Event[] }
export type SchemaMemo = WeakMap<RawObject, Kept>;

export class RememberingSchemaReader extends SchemaReader {
  /** Of the schema that is lowered now. */
  private events: Event[] | undefined;
  /** It depends on nothing but itself and the answers to its events. */
  private isPlain = true;

  constructor(dialect: Dialect, reporter: Reporter, private readonly kept: SchemaMemo) {
    super(dialect, reporter);
  }

  override lower(value: Json, place: Place): Schema {
    if (!isObject(value) || this.isScoped) return super.lower(value, place);
    const done = this.memo.get(value);
    if (this.events) {
      // What belongs to what was lowered before, on its own, is not known to this one. And a discriminator looks at all schemas there are.
      if (done !== undefined || own(value, 'discriminator') !== undefined) this.isPlain = false;
      return super.lower(value, place);
    }
    if (done !== undefined) return done;
    const id = `${this.dialect} ${place.file}#${place.pointer}`;
    const before = this.kept.get(value);
    if (before?.id === id && before.events.every((event) => this.holds(event))) {
      this.memo.set(value, before.schema);
      return before.schema;
    }
    const events: Event[] = (this.events = []);
    this.isPlain = own(value, 'discriminator') === undefined;
    // A place may be a node: that would keep the document of this reading.
    const schema = super.lower(value, { file: place.file, pointer: place.pointer });
    this.events = undefined;
    if (this.isPlain) this.kept.set(value, { id, schema, events });
    else this.kept.delete(value);
    return schema;
  }

  /** Does again what was done before; false when that is not the same any more. */
  private holds(event: Event): boolean {
    switch (event.kind) {
      case 'report': event.send(this); return true;
      case 'format': super.checkFormat(event.format, event.place); return true;
      case 'locate': {
        const found = super.locate(event.ref, event.from);
        return found?.file === event.found?.file && found?.pointer === event.found?.pointer;
      }
      case 'name': return super.nameOf(event.place) === event.name;
    }
  }

  override report<P>(definition: DiagnosticDefinition<P>, place: Place, parameters: P, onKey = false): void {
    this.events?.push({ kind: 'report', send: (reader) => reader.report(definition, place, parameters, onKey) });
    super.report(definition, place, parameters, onKey);
  }

  override checkFormat(format: string, place: Place): void {
    this.apart(() => super.checkFormat(format, place));
    this.events?.push({ kind: 'format', format, place });
  }

  override locate(ref: string, from: Place): Place | undefined {
    const found = this.apart(() => super.locate(ref, from));
    this.events?.push({ kind: 'locate', ref, from, found });
    return found;
  }

  override nameOf(place: Place): string {
    const name = this.apart(() => super.nameOf(place));
    this.events?.push({ kind: 'name', place, name });
    return name;
  }

  override rawAt(place: Place): Json | undefined {
    // It looks into another schema.
    this.isPlain &&= this.events === undefined;
    return super.rawAt(place);
  }

  override get files(): readonly string[] {
    this.isPlain &&= this.events === undefined;
    return super.files;
  }

  /** What an answer takes happens again when it is asked for again. */
  private apart<T>(ask: () => T): T {
    const { events } = this;
    this.events = undefined;
    const answer = ask();
    this.events = events;
    return answer;
  }
}
