/** What the generated code says about an operation: plain data and names of functions, so that an unused operation leaves no trace. */
import type { Scheme } from './auth.js';
import type { Encoding, Outgoing } from './body.js';
import type { ContentKind } from './content-kind.js';
import type { ItemSpecs } from './item-streams.js';
import type { SentBody } from './open-types.js';
import type { Answer } from './result.js';

/** A request while its parameters are written. */
export interface Draft { readonly query: string[]; readonly cookies: string[]; readonly headers: Headers }

export interface ParameterSpec {
  /** Property of the params object. */
  readonly key: string;
  /** Name on the wire. */
  readonly name: string;
  /** Writes a value in one of OpenAPI's styles; gives back the text of a path variable. */
  readonly write: (spec: ParameterSpec, value: unknown, draft: Draft) => string | void;
  readonly explode?: boolean;
  readonly required?: boolean;
  /** Between the items of a list in a path or field, when it is no comma. */
  readonly separator?: string;
  /** Of a form that is the whole query. */
  readonly encoding?: Readonly<Record<string, Encoding>>;
}

export interface BodySpec {
  readonly type: string;
  readonly encode: (value: unknown, type: string, encoding: Readonly<Record<string, Encoding>>) => Outgoing;
  readonly encoding?: Readonly<Record<string, Encoding>>;
}

export interface OperationSpec {
  readonly id: string;
  /** Absent for an operation that takes any method: the caller names it. */
  readonly method?: string;
  /** Literal text, and for each variable the index of its parameter. */
  readonly path: readonly (string | number)[];
  readonly parameters?: readonly ParameterSpec[];
  /** In order of preference; sent by `send`. */
  readonly body?: readonly BodySpec[];
  readonly send?: (specs: readonly BodySpec[], params: Readonly<Record<string, unknown>>, headers: Headers) => SentBody | undefined;
  /** Media types to ask for. */
  readonly accept?: string;
  /** Kinds of body per declared status ('200', '4XX', 'default'); [] says nothing about the body. */
  readonly responses: Readonly<Record<string, readonly ContentKind[]>>;
  /** Streams of items. */
  readonly items?: ItemSpecs;
  /** What reads the body of an answer of declared kinds; a success has an `answer`. Default: whole, or as bytes. */
  readonly read?: (response: Response, kinds: readonly ContentKind[], answer: Omit<Answer<number, unknown>, 'body'> | false, operation: OperationSpec, status: string | undefined) => Promise<unknown>;
  /** Alternatives of schemes that go together. */
  readonly security?: readonly (readonly Scheme[])[];
}
