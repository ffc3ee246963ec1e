/** `x-gwc.domainNames.<name>.mutualTlsAuthentication`: which domain names ask clients for certificates. */
export interface MutualTlsPart {
  readonly domains: readonly MutualTlsDomain[];
  /** `disableExecuteApiEndpoint`: nothing is answered under other names than these; null: the API has its default endpoint too. */
  readonly onlyNames: readonly string[] | null;
}

export interface MutualTlsDomain {
  /** Lower case; `*.` for one label. */
  readonly name: string;
  /** PEM file, relative to the gateway's working directory; or s3://…, which the command line must replace. */
  readonly truststoreUri: string;
  /** Revocation lists, PEM; null: none. */
  readonly crlUri: string | null;
  readonly optional: boolean;
}
