/** The control plane on the admin port: who calls is checked, then the request is handed on. */
import { hash, randomUUID, timingSafeEqual } from 'node:crypto';
import type { AdminPart } from '../admin-part.js';
import type { Exchange } from '../exchange.js';
import type { GatewayState } from '../gateway-state.js';
import { verifySignature } from '../access/iam-signature.js';
import { forEachQueryParameter, latin1 } from '../request-values.js';
import { ADMIN_FLAGS, readAdminCredentials, type AdminCredentials } from './admin-credentials.js';
import { ControlError } from './control-error.js';
import type { ControlAnswer, ControlRequest } from './control-request.js';

/** Bytes of a request's body; an import of tens of thousands of keys fits. */
const MOST_BODY = 8 * 1_024 * 1_024;
const OURS = /^\/(?:apikeys|usageplans|restapis|tags)(?:\/|$)/;
const OFF = 'management of API keys is off: start the gateway with GWC_ADMIN_TOKEN or --admin-token-file, and for AWS clients GWC_ADMIN_ACCESS_KEY_ID with GWC_ADMIN_SECRET_ACCESS_KEY or --admin-credentials-file';

/** What a bundle whose document asks for API keys puts on the admin port. */
export const manageKeys: AdminPart = {
  flags: ADMIN_FLAGS,
  open(given, environment) {
    const credentials = readAdminCredentials(given, environment);
    const isOff = credentials.tokens.length === 0 && credentials.callers.size === 0;
    return {
      notice: isOff ? '/apikeys and /usageplans are off: no credentials are configured' : '/apikeys, /usageplans',
      answer(exchange, state) {
        if (!OURS.test(latin1(exchange.target, exchange.pathStart, exchange.pathEnd))) return false;
        if (isOff) refuse(exchange, new ControlError('AccessDeniedException', OFF));
        else authenticate(exchange, credentials, state);
        return true;
      },
    };
  },
};

function authenticate(exchange: Exchange, credentials: AdminCredentials, state: GatewayState): void {
  const header = exchange.head.get('authorization') ?? '';
  const bearer = /^Bearer +(\S+)$/i.exec(header);
  if (bearer) {
    // Every token is compared, whichever is right.
    const digest = hash('sha256', bearer[1]!, 'buffer');
    let known = false;
    for (const token of credentials.tokens) known = timingSafeEqual(token, digest) || known;
    if (!known) return refuse(exchange, new ControlError('UnauthorizedException', 'The token is not one of this gateway'));
    return withBody(exchange, (body) => hand(exchange, body, state));
  }
  if (header === '' && exchange.queryStart === exchange.queryEnd) return refuse(exchange, new ControlError('MissingAuthenticationTokenException', 'Missing Authentication Token'));
  // A body is read only for somebody who says to be known.
  const id = /Credential=([^/,\s]{1,128})\//.exec(header)?.[1];
  if (id !== undefined && !credentials.callers.has(id)) return refuse(exchange, new ControlError('UnrecognizedClientException', 'The security token included in the request is invalid.'));
  withBody(exchange, (body) => {
    exchange.body = body;
    const caller = verifySignature(exchange, credentials.callers, '', Date.now(), 'apigateway');
    if (!('kind' in caller)) return hand(exchange, body, state);
    const type = caller.kind === 'missing' ? 'MissingAuthenticationTokenException' : caller.kind === 'incomplete' ? 'IncompleteSignatureException' : caller.kind === 'unknown' ? 'UnrecognizedClientException' : 'InvalidSignatureException';
    refuse(exchange, new ControlError(type, caller.message));
  });
}

function withBody(exchange: Exchange, next: (body: Buffer) => void): void {
  exchange.incoming.collect(MOST_BODY, next);
}

function hand(exchange: Exchange, body: Buffer, state: GatewayState): void {
  const { management } = state;
  if (management === null) return refuse(exchange, new ControlError('ServiceUnavailableException', 'The gateway is not ready'));
  const query = Object.create(null) as Record<string, string>;
  forEachQueryParameter(exchange, (name, value) => { query[name] = name === 'tagKeys' && query[name] !== undefined ? `${query[name]},${value}` : value; });
  const request: ControlRequest = { method: exchange.method, path: latin1(exchange.target, exchange.pathStart, exchange.pathEnd), query: { ...query }, body: body.toString('utf8') };
  management.call(request).then((answer) => send(exchange, answer), () => refuse(exchange, new ControlError('InternalFailureException', 'Internal failure')));
}

function refuse(exchange: Exchange, error: ControlError): void {
  send(exchange, { status: error.status, errorType: error.type, body: JSON.stringify({ message: error.message }) });
}

function send(exchange: Exchange, { status, errorType, body }: ControlAnswer): void {
  exchange.reply.send(status, ['Content-Type', 'application/json', 'x-amzn-RequestId', randomUUID(), 'Cache-Control', 'no-store', ...(errorType === '' ? [] : ['x-amzn-ErrorType', errorType])], body);
}
