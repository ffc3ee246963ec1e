export interface RemoteOptions {
  /** `--allow-remote`: https at public addresses. */
  readonly allowRemote: boolean;
  /** `--allow-remote-from`: these origins as well, over http too and wherever they are. */
  readonly allowRemoteFrom: readonly string[];
}

/**
 * What a document may fetch. What the user named (the document itself, or an origin with `--allow-remote-from`) is trusted: http and private
 * addresses are allowed there. Anything else is https at a public address, if the user allowed the network at all.
 */
export class RemotePermissions {
  private readonly trusted: ReadonlySet<string>;

  /** `entry`: URL of the document when it was named by one. */
  constructor(private readonly options: RemoteOptions, entry: string | undefined) {
    this.trusted = new Set([...(entry === undefined ? [] : [new URL(entry).origin]), ...options.allowRemoteFrom.map((origin) => new URL(origin).origin)]);
  }

  isTrusted(url: URL): boolean { return this.trusted.has(url.origin); }

  /** Nothing may be fetched from anywhere near this one. */
  forbids(url: URL): boolean { return !this.isTrusted(url) && !this.options.allowRemote; }

  /** Why `url` must not be called, in words. */
  refuse(url: URL): string | undefined {
    if (url.username !== '' || url.password !== '') return 'it holds a user name or a password';
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return `${url.protocol.slice(0, -1)} is not fetched`;
    if (this.isTrusted(url)) return undefined;
    if (!this.options.allowRemote) return 'that origin is not allowed';
    return url.protocol === 'https:' ? undefined : 'it is not https';
  }
}
