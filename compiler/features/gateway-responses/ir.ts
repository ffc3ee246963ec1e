import type { Origin } from '../../diagnostics/define.js';

/** `x-amazon-apigateway-gateway-responses`: only what the document customises. */
export interface GatewayResponsesPart { readonly byType: Readonly<Record<string, GatewayResponse>> }

export interface GatewayResponse {
  readonly type: string;
  /** null: the type's own status. */
  readonly statusCode: number | null;
  /** Header name → source expression as written (`'literal'`, `method.request.header.X`, `context.X`, `stageVariables.X`). */
  readonly headers: Readonly<Record<string, string>>;
  /** MIME type → substitution template. */
  readonly templates: Readonly<Record<string, string>>;
  readonly origin: Origin;
}
