/** What generated code uses of the core; not part of its public face. */
export { basic, bearer, cookieKey, headerKey, queryKey, sign, type BasicCredentials, type RequestSigner, type Scheme, type Secret } from './auth.js';
export { binary, form, json, multipart, sendBody, text } from './body.js';
export { call } from './call.js';
export { newClient, type BaseClientOptions, type BaseUrl, type CallOptions, type Client } from './client.js';
export type { Binary, BinaryBody, ByteStream, Inherited, ItemStream, OtherNumber, OtherString, UnknownTag, UnknownVariant } from './open-types.js';
export { eventItems, jsonEventItems, lineItems, partItems, readItems, sequenceItems } from './item-streams.js';
export type { OperationSpec } from './operation.js';
export { greedyPath, jsonPath, labelPath, matrixPath, separatedPath, simplePath } from './path-styles.js';
export { deepQuery, formCookie, formQuery, jsonCookie, jsonHeader, jsonQuery, pipeQuery, plainCookie, reservedQuery, separatedHeader, simpleHeader, spaceQuery, tabQuery } from './query-styles.js';
export { formQuerystring, jsonQuerystring, textQuerystring } from './querystring.js';
export type { Failure, Success, Unexpected } from './result.js';
export type { ClientErrorStatus, HttpStatus, InformationalStatus, Other, RedirectStatus, ServerErrorStatus, SuccessStatus } from './status.js';
