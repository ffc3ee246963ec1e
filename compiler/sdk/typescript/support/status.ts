/** HTTP status codes as literal types, so that `r.status === 404` narrows a result and everything undeclared stays apart. */
type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
type ToNumber<Text extends string> = Text extends `${infer N extends number}` ? N : never;

export type InformationalStatus = ToNumber<`1${Digit}${Digit}`>;
export type SuccessStatus = ToNumber<`2${Digit}${Digit}`>;
export type RedirectStatus = ToNumber<`3${Digit}${Digit}`>;
export type ClientErrorStatus = ToNumber<`4${Digit}${Digit}`>;
export type ServerErrorStatus = ToNumber<`5${Digit}${Digit}`>;
/** 100 to 599 (RFC 9110 section 15). */
export type HttpStatus = InformationalStatus | SuccessStatus | RedirectStatus | ClientErrorStatus | ServerErrorStatus;

/** `Exclude` under a name that no schema can hide. */
export type Other<Status, Known> = Exclude<Status, Known>;
