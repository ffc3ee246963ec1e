/** Refusals of the control plane, as API Gateway's model declares them. */

const STATUS = {
  BadRequestException: 400, UnauthorizedException: 401, AccessDeniedException: 403, MissingAuthenticationTokenException: 403, IncompleteSignatureException: 403, InvalidSignatureException: 403,
  UnrecognizedClientException: 403, NotFoundException: 404, ConflictException: 409, RequestEntityTooLargeException: 413, LimitExceededException: 429, InternalFailureException: 500, ServiceUnavailableException: 503,
} as const;

export type ControlErrorType = keyof typeof STATUS;

export class ControlError extends Error {
  readonly status: number;
  constructor(readonly type: ControlErrorType, message: string) {
    super(message);
    this.status = STATUS[type];
  }
}

export const badRequest = (message: string): ControlError => new ControlError('BadRequestException', message);
export const notFound = (message: string): ControlError => new ControlError('NotFoundException', message);
export const conflict = (message: string): ControlError => new ControlError('ConflictException', message);
