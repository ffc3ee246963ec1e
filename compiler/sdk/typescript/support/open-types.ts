/** Types that keep what this version of the document does not know yet. */
/**
 * A discriminator value that the document does not list: any other string at run time. Only an enum is a string for the compiler
 * and yet never equal to a known tag, so that comparing with a tag leaves the variants with that tag. It exists as a type alone.
 */
export declare enum UnknownTag { Unlisted = 'unlisted' }

/** The variant of a discriminated union that a newer server may send: what `default:` of a switch over the tag sees. */
export type UnknownVariant<Property extends string> = { readonly [P in Property]: UnknownTag } & { readonly [key: string]: unknown };

/** A value of an enum that the document does not list. Known values still complete in editors. */
export type OtherString = string & {};
export type OtherNumber = number & {};

/** Bytes with a media type and, as a `File`, a name. */
export type Binary = Blob;
/** What can be sent as bytes. A stream is sent once: such a call is never retried. */
export type BinaryBody = Blob | ArrayBuffer | ArrayBufferView | ReadableStream<Uint8Array>;
/** What arrives piece by piece (server-sent events, JSON lines). The caller reads or cancels it. */
export type ByteStream = ReadableStream<Uint8Array>;

/**
 * The items of a stream, as they arrive: `for await (const item of stream)`. Leaving the loop ends the request. It can be read once.
 * Throws a ResponseFormatError for an item that is not what it should be, a TransportError when the connection breaks.
 */
export interface ItemStream<Item> extends AsyncIterable<Item> {
  /** Ends the request without reading on. */
  cancel(reason?: unknown): Promise<void>;
  /** The bytes instead of the items. */
  readonly bytes: ByteStream;
}

/** What every object inherits under names like `constructor`: an optional property of such a name has to admit it. */
export type Inherited = Function;

/** What fetch sends, under a name that Node's types and a browser's both have. */
export type SentBody = NonNullable<RequestInit['body']>;
