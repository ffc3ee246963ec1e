import type { BundleBytes } from './bundle-gateway.js';

const known = new WeakMap<BundleBytes, Bundle>();

/** A bundled gateway. It comes as bytes and is written as bytes; its text is for those who run it at once. */
export class Bundle {
  private text: string | undefined;

  private constructor(readonly bytes: BundleBytes) {}

  /** The same bytes are the same bundle. */
  static of(bytes: BundleBytes): Bundle {
    let bundle = known.get(bytes);
    if (!bundle) known.set(bytes, (bundle = new Bundle(bytes)));
    return bundle;
  }

  get code(): string { return (this.text ??= textOf(this.bytes.code)); }

  /** '' when none was asked for. */
  get map(): string { return textOf(this.bytes.map); }

  get hash(): string { return this.bytes.hash; }
  get modules(): BundleBytes['modules'] { return this.bytes.modules; }
  get files(): BundleBytes['files'] { return this.bytes.files; }
}

const textOf = ({ buffer, byteOffset, byteLength }: Uint8Array): string => Buffer.from(buffer, byteOffset, byteLength).toString();
