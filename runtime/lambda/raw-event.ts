/** Events that are text already: what the templates of a Lambda custom integration made (integrations.md §9). */

/** A payload that goes to the function as it is, and how it is invoked. */
export interface RawEvent {
  /** As rendered or as the client sent it; '' reads as `{}`. */
  readonly payload: Buffer;
  /** What was mapped to fields of the Invoke API, flat `[name, value…]`, without those that are written by whoever calls it. */
  readonly fields: readonly string[];
  /** `X-Amz-Invocation-Type`: the answer is awaited, is not, or the call is only checked. */
  readonly type: 'RequestResponse' | 'Event' | 'DryRun';
  /** `X-Amz-Client-Context` (base64 of JSON), parsed; undefined without one or when it is none. */
  readonly clientContext: unknown;
}

/** Written by whoever calls the Invoke API, and hop-by-hop fields. */
const OWN_FIELDS: ReadonlySet<string> = /* @__PURE__ */ new Set(['accept', 'authorization', 'connection', 'content-length', 'content-type', 'expect', 'host', 'te', 'transfer-encoding', 'upgrade', 'user-agent', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token', 'x-amzn-apigateway-api-id', 'x-amzn-lambda-integration-tag', 'x-amzn-trace-id']);

/** `mapped`: flat `[name, value…]`. What is no invocation type counts as the usual one. */
export function rawEvent(payload: Uint8Array | null, mapped: readonly string[]): RawEvent {
  const fields: string[] = [];
  let type: RawEvent['type'] = 'RequestResponse';
  let clientContext: unknown;
  for (let i = 0; i < mapped.length; i += 2) {
    const lower = mapped[i]!.toLowerCase(), value = mapped[i + 1]!;
    if (OWN_FIELDS.has(lower)) continue;
    if (lower === 'x-amz-invocation-type') { if (value === 'Event' || value === 'DryRun') type = value; continue; }
    if (lower === 'x-amz-client-context') try { clientContext = JSON.parse(Buffer.from(value, 'base64').toString('utf8')); } catch { clientContext = undefined; }
    fields.push(mapped[i]!, value);
  }
  return { payload: payload === null ? Buffer.alloc(0) : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength), fields, type, clientContext };
}
