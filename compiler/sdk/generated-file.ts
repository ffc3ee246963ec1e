/** A file of a client package. */
export interface GeneratedFile {
  /** Relative to the package, with forward slashes. Never made from names of the document. */
  readonly path: string;
  readonly text: string;
}
