/** The public core: what a generated package exports besides its operations and types. */
export type { AccessToken, BasicCredentials, RequestSigner, Secret, SignableRequest } from './auth.js';
export type { CallOptions, Client } from './client.js';
export { clientCredentials, type ClientCredentialsOptions } from './client-credentials.js';
export { ApiError, GatewayError, QuotaExceededError, RequestRejectedError, ResponseFormatError, ThrottledError, TimeoutError, TransportError, isApiError } from './errors.js';
export type { FieldFault, GatewayFault, GatewayFaultKind } from './gateway-fault.js';
export type { Binary, BinaryBody, ByteStream, ItemStream, OtherNumber, OtherString, UnknownTag, UnknownVariant } from './open-types.js';
export { unwrap, type AnyResult, type BodyOf, type ErrorOf, type Failure, type ResultOf, type Success, type Unexpected } from './result.js';
export type { RetryOptions } from './retry.js';
export { sigV4, type AwsCredentials, type SigV4Options } from './sigv4.js';
export type { ClientErrorStatus, HttpStatus, InformationalStatus, RedirectStatus, ServerErrorStatus, SuccessStatus } from './status.js';
