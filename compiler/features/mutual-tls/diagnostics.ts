import { diagnostic } from '../../diagnostics/define.js';

export const INVALID_MUTUAL_TLS = diagnostic<{ domain: string; problem: string }>({
  code: 'GWC2921', severity: 'error',
  message: ({ domain, problem }) => `mutual TLS of ${domain} ${problem}`,
  hint: () => 'write mutualTlsAuthentication: {truststoreUri: ./partners.pem}; and clientAuth: optional, crlUri: ./revoked.pem if wanted',
  help: '`x-gwc.domainNames.<name>.mutualTlsAuthentication` says whose certificates clients of a domain name must show: `truststoreUri` is a PEM file of certificate authorities that the gateway reads when it starts and on SIGHUP, relative to its working directory; `crlUri` a PEM file of revocation lists; `clientAuth: optional` lets clients in that show none. What cannot be understood would let in the wrong clients, so the document does not build.',
});

export const MUTUAL_TLS_WITHOUT_TLS = diagnostic<{ domains: string }>({
  code: 'GWC2922', severity: 'warning',
  message: ({ domains }) => `client certificates are needed for ${domains}, but this build has no TLS: requests for such names are answered 403`,
  hint: () => 'build with --tls; where a proxy in front checks certificates, take mutualTlsAuthentication out with an overlay',
  help: 'Only who terminates TLS sees the client\'s certificate. A gateway that was built without `--tls` cannot ask for one, and a domain name that is declared to need it is never served without.',
});

export const TRUST_STORE_ELSEWHERE = diagnostic<{ domain: string; uri: string }>({
  code: 'GWC2923', severity: 'info',
  message: ({ domain, uri }) => `the trust store of ${domain} is ${uri}: the gateway needs a copy when it starts`,
  hint: ({ domain }) => `start it with --tls-client-ca ${domain}=FILE`,
  help: 'API Gateway reads trust stores from S3. A gateway file reads them from its own machine: `--tls-client-ca <name>=<file>` names the copy, and stands over the `truststoreUri` of the document. Without it the gateway does not start.',
});

export const DEFAULT_ENDPOINT_OPEN = diagnostic<{ domains: string }>({
  code: 'GWC2924', severity: 'warning',
  message: ({ domains }) => `only requests for ${domains} need a client certificate: under any other name the API is open to everybody`,
  hint: () => 'write x-amazon-apigateway-endpoint-configuration: {disableExecuteApiEndpoint: true}, or start the gateway with --tls-client-ca FILE for every name',
  help: 'Mutual TLS belongs to a custom domain name. API Gateway\'s documentation says to disable the default endpoint (`disableExecuteApiEndpoint`), as clients could otherwise go around it; the same holds here for requests with another Host.',
});
