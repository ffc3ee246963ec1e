import type { Json } from '../code.js';
import type { Origin } from '../diagnostics/define.js';

/** Everything 1-load read: the entry file and every file its `$ref`s reach, parsed, none of them inlined. */
export interface Document {
  /** Absolute path of the entry file. */
  readonly entry: string;
  readonly version: SpecVersion;
  /** By absolute path (or URL). The entry's root is after parameters and overlays were applied. */
  readonly files: ReadonlyMap<string, SourceFile>;
  /** Where `origin` stands in the user's text: file as the user named it (relative to the working directory), 1-based line and column. */
  locate(origin: Origin): Location;
  /** The file and JSON Pointer that `reference` (a `$ref` value seen in `file`) points at; undefined when it could not be loaded. `pointer`, of what is no `$ref`: where it stands, so that the `$id`s around it count. */
  resolve(file: string, reference: string, pointer?: string): { readonly file: string; readonly pointer: string } | undefined;
}

export type SpecVersion = '2.0' | '3.0' | '3.1' | '3.2';

export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** JSON values only. Nobody may change them: the next load may give the same objects again. */
  readonly root: Json;
  /** No object of it stands at two places. Default: that is not known. */
  readonly isTree?: boolean;
}

export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** 1-based, exclusive end on the same line: what a frame underlines. */
  readonly endColumn: number;
  /** The whole text of the physical file, for the frame. */
  readonly text: string;
}
