/** One fault of a value against its schema, as problem details (RFC 9457 `errors`) and AWS-style messages need it. */
export interface ValidationError {
  /** JSON Pointer into the value, '' for the whole. */
  readonly pointer: string;
  readonly keyword: string;
  readonly message: string;
  readonly params: Readonly<Record<string, unknown>>;
}
