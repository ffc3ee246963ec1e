/** The gateway-response types with API Gateway's own status, message and error type (errors.md §1; HTTP APIs: §5). */
export interface GatewayResponseType {
  readonly status: number;
  readonly message: string | null;
  readonly errorType: string;
  /** Which of AWS's two writers prints it: the pipeline puts a blank after the colon. */
  readonly writer: 'front' | 'pipeline';
  /** A step may give a message or status of its own. */
  readonly varies: boolean;
  /** `Message` instead of `message`. */
  readonly capital?: true;
  readonly http: { readonly status: number; readonly message: string };
}

const type = (status: number, message: string | null, errorType: string, writer: 'front' | 'pipeline', varies: boolean, httpStatus: number, httpMessage: string): GatewayResponseType =>
  ({ status, message, errorType, writer, varies, http: { status: httpStatus, message: httpMessage } });

export const GATEWAY_RESPONSE_TYPES: Readonly<Record<string, GatewayResponseType>> = {
  ACCESS_DENIED: { ...type(403, 'User is not authorized to access this resource', 'AccessDeniedException', 'front', true, 403, 'Forbidden'), capital: true },
  API_CONFIGURATION_ERROR: type(500, 'Internal server error', 'InternalServerErrorException', 'pipeline', true, 500, 'Internal Server Error'),
  AUTHORIZER_CONFIGURATION_ERROR: type(500, null, 'AuthorizerConfigurationException', 'front', false, 500, 'Internal Server Error'),
  AUTHORIZER_FAILURE: type(500, null, 'AuthorizerFailureException', 'front', false, 500, 'Internal Server Error'),
  BAD_REQUEST_PARAMETERS: type(400, 'Missing required request parameters', 'BadRequestException', 'pipeline', true, 400, 'Bad Request'),
  BAD_REQUEST_BODY: type(400, 'Invalid request body', 'BadRequestException', 'pipeline', true, 400, 'Bad Request'),
  EXPIRED_TOKEN: type(403, 'The security token included in the request is expired', 'ExpiredTokenException', 'front', true, 403, 'Forbidden'),
  INTEGRATION_FAILURE: type(504, 'Network error communicating with endpoint', 'InternalServerErrorException', 'pipeline', true, 503, 'Service Unavailable'),
  INTEGRATION_TIMEOUT: type(504, 'Endpoint request timed out', 'InternalServerErrorException', 'pipeline', false, 503, 'Service Unavailable'),
  INVALID_API_KEY: type(403, 'Forbidden', 'ForbiddenException', 'front', false, 403, 'Forbidden'),
  INVALID_SIGNATURE: type(403, 'Forbidden', 'InvalidSignatureException', 'front', true, 403, 'Forbidden'),
  MISSING_AUTHENTICATION_TOKEN: type(403, 'Missing Authentication Token', 'MissingAuthenticationTokenException', 'front', false, 404, 'Not Found'),
  QUOTA_EXCEEDED: type(429, 'Limit Exceeded', 'LimitExceededException', 'front', false, 429, 'Too Many Requests'),
  REQUEST_TOO_LARGE: type(413, 'Request Too Long', 'BadRequestException', 'pipeline', false, 413, 'Request Entity Too Large'),
  RESOURCE_NOT_FOUND: type(404, 'Not Found', 'NotFoundException', 'front', false, 404, 'Not Found'),
  THROTTLED: type(429, 'Too Many Requests', 'TooManyRequestsException', 'front', false, 429, 'Too Many Requests'),
  UNAUTHORIZED: type(401, 'Unauthorized', 'UnauthorizedException', 'front', true, 401, 'Unauthorized'),
  UNSUPPORTED_MEDIA_TYPE: type(415, 'Unsupported Media Type', 'BadRequestException', 'pipeline', false, 415, 'Unsupported Media Type'),
  WAF_FILTERED: type(403, 'Forbidden', 'ForbiddenException', 'front', false, 403, 'Forbidden'),
  // The fallbacks are also the types of 4xx and 5xx answers that have none of their own.
  DEFAULT_4XX: type(400, 'Bad Request', 'BadRequestException', 'pipeline', true, 400, 'Bad Request'),
  DEFAULT_5XX: type(500, 'Internal server error', 'InternalServerErrorException', 'pipeline', true, 500, 'Internal Server Error'),
};
