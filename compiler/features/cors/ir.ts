/** `x-amazon-apigateway-cors` with its defaults filled in. */
export interface CorsPart {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials: boolean;
  /** Seconds; -1 turns the browser's cache off; null when not given. */
  readonly maxAge: number | null;
}
