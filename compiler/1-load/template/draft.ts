/** An OpenAPI document in the making, and where in the template each part of it stands. */
import type { Json } from '../../code.js';
import { Provenance } from '../overlay/provenance.js';
import { setOwn } from '../set-own.js';
import { isObject } from './is-template.js';

type Mutable = { [key: string]: Json };

export class Draft {
  /** `root` is changed. `pointer`: where it stands in `file`. `template`: the file that `put` speaks of. */
  constructor(readonly root: Mutable, readonly entry: string, file: string, pointer: string, private readonly template: string) {
    this.provenance = new Provenance(entry);
    this.provenance.set([], { file, pointer });
  }
  readonly provenance: Provenance;

  at(...path: string[]): Json | undefined {
    let value: Json | undefined = this.root;
    for (const key of path) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    return value;
  }

  /** Sets a value; what is missing on the way there is made. `pointer`: of the part of the template that says so. */
  put(path: readonly string[], value: Json, pointer: string): void {
    let parent = this.root;
    for (const [index, key] of path.slice(0, -1).entries()) {
      const next = Object.hasOwn(parent, key) ? parent[key] : undefined;
      if (isObject(next)) parent = next as Mutable;
      else {
        const made: Mutable = {};
        setOwn(parent, key, made);
        this.provenance.set(path.slice(0, index + 1), { file: this.template, pointer });
        parent = made;
      }
    }
    setOwn(parent, path.at(-1)!, value);
    this.provenance.set(path, { file: this.template, pointer });
  }

  /** Unless there is one. */
  add(path: readonly string[], value: Json, pointer: string): void {
    if (this.at(...path) === undefined) this.put(path, value, pointer);
  }

  /** Says where in the template a part of a value comes from that was put as a whole. */
  from(path: readonly string[], pointer: string): void { this.provenance.set(path, { file: this.template, pointer }); }

  get isVersion2(): boolean { return Object.hasOwn(this.root, 'swagger'); }
  /** Where a document of this version keeps its security schemes. */
  get schemes(): readonly string[] { return this.isVersion2 ? ['securityDefinitions'] : ['components', 'securitySchemes']; }
  get models(): readonly string[] { return this.isVersion2 ? ['definitions'] : ['components', 'schemas']; }
}
