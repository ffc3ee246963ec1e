import { diagnostic } from '../../diagnostics/define.js';

export const INVALID_WEB_ACL = diagnostic<{ problem: string; hint?: string }>({
  code: 'GWC2951', severity: 'error',
  message: ({ problem }) => `web ACL: ${problem}`,
  hint: ({ hint }) => hint,
  help: "A web ACL is written in AWS WAFv2's own JSON, as `aws wafv2 get-web-acl` prints it: `x-gwc.webAcl: ./acl.json`, or inline: Name, DefaultAction, Rules with Name, Priority, Statement, Action (or OverrideAction for rule groups) and VisibilityConfig. Sets and rule groups that it refers to stand beside it: `ipSets`, `regexPatternSets` and `ruleGroups`, by name or ARN; `file` names the ACL then. A rule that is not understood would let in or keep out the wrong requests, so the document does not build.",
});

export const UNKNOWN_MEMBER = diagnostic<{ name: string; owner: string; suggestion: string | undefined; known: string }>({
  code: 'GWC2952', severity: 'error',
  message: ({ name, owner }) => `'${name}' is no member of ${owner}`,
  hint: ({ suggestion, known }) => (suggestion ? `did you mean '${suggestion}'?` : `it has ${known}`),
  help: 'Every member of a web ACL is read: one that is misspelt, or newer than this version of gwc, would change what the ACL does if it were passed over. Correct the name, or remove the member.',
});

export const UNKNOWN_SET = diagnostic<{ what: string; arn: string; key: string; suggestion: string | undefined }>({
  code: 'GWC2953', severity: 'error',
  message: ({ what, arn }) => `there is no ${what} for ${arn}`,
  hint: ({ key, suggestion }) => (suggestion ? `did you mean '${suggestion}', which is given under ${key}?` : `give it under x-gwc.webAcl.${key}, by its name or ARN`),
  help: 'A web ACL names IP sets, regex pattern sets and rule groups by ARN; what is in them is not in the ACL. Give each one beside the ACL: `ipSets: {blocked: [192.0.2.0/24]}`, `regexPatternSets: {bots: [\'(?i)bot\']}`, `ruleGroups: {mine: {$ref: ./group.json}}`: by ARN or by the name in it, as lists or as `aws wafv2 get-ip-set`, `get-regex-pattern-set` and `get-rule-group` print them.',
});

export const NOT_AVAILABLE = diagnostic<{ what: string; why: string; hint?: string }>({
  code: 'GWC2954', severity: 'error',
  message: ({ what, why }) => `${what} cannot be had outside of AWS: ${why}`,
  hint: ({ hint }) => hint ?? 'take the rule out, or override it with Count in the document that gwc builds',
  help: 'Some of WAF lives in AWS: the rules of managed rule groups are secret, CAPTCHA and Challenge need its token service, fingerprints of TLS connections are taken before a request reaches the gateway. A rule that needs one is an error, because an ACL without it protects less than it says. The OWASP core rule set can stand in for the managed one: `ManagedRuleGroupStatement: {VendorName: OWASP, Name: CRS}` with `--crs DIR`.',
});

export const INVALID_ADDRESS = diagnostic<{ address: string }>({
  code: 'GWC2955', severity: 'error',
  message: ({ address }) => `${address} is no address range`,
  hint: () => 'write 192.0.2.0/24, 192.0.2.44/32 or 2001:db8::/32',
  help: 'The addresses of an IP set are CIDR ranges, IPv4 or IPv6. An address without a length is that one address. Write `192.0.2.0/24`, `192.0.2.44/32` or `2001:db8::/32`.',
});

export const INVALID_PATTERN = diagnostic<{ pattern: string; problem: string }>({
  code: 'GWC2956', severity: 'error',
  message: ({ pattern, problem }) => `regular expression ${pattern}: ${problem}`,
  hint: ({ problem }) => (/backtrack/.test(problem) ? 'write it without repetitions inside repetitions, or without lookaround and back-references' : 'write a backslash before a character that stands for itself (\\( \\[ \\.), or correct the pattern'),
  help: 'Patterns are those of PCRE as AWS WAF takes them, matched against bytes. They run on whatever clients send, so each one is a JavaScript expression that cannot backtrack without bound, or an automaton that reads every byte once. Lookaround and back-references are out of an automaton\'s reach: with them a pattern must be safe as it is (checked with redos-detector). Rewrite such a pattern without repetitions inside repetitions: `(a+)+` is `a+`.',
});

export const NO_GEO_SOURCE = diagnostic<{ problem: string }>({
  code: 'GWC2957', severity: 'error',
  message: ({ problem }) => `GeoMatchStatement: ${problem}`,
  hint: () => 'write geo: {header: cloudfront-viewer-country}, geo: {mmdb: /usr/share/GeoIP/GeoLite2-Country.mmdb} or geo: {database: ./countries.csv} beside the ACL',
  help: 'gwc does not know where addresses are. `geo.header` names a field with the two-letter country that a proxy in front sets; it is believed only from a proxy that is trusted at run time (`--trust-proxy`). `geo.database` names a CSV file next to the document, a line per range: `network,country` (192.0.2.0/24,DE) or `first,last,country` (as DB-IP\'s lite database); ranges of the countries that rules ask for are compiled in. `geo.mmdb` names a database in MaxMind\'s format, which the gateway reads when it starts and on SIGHUP (`--geo-database` names another; `true`: only that does). ForwardedIPConfig needs one of the databases.',
});

export const NO_ASN_SOURCE = diagnostic<{ problem: string }>({
  code: 'GWC2974', severity: 'error',
  message: ({ problem }) => `ASN rules: ${problem}`,
  hint: () => 'write asn: {mmdb: /usr/share/GeoIP/GeoLite2-ASN.mmdb} beside the ACL, or asn: {mmdb: true} and start the gateway with --asn-database',
  help: 'AsnMatchStatement and the custom key ASN of rates ask to which autonomous system an address belongs. gwc takes that from a database in MaxMind\'s format (GeoLite2-ASN and its like), which the gateway reads when it starts and on SIGHUP: `asn.mmdb` names it, `--asn-database` (GWC_ASN_DATABASE) another one. Addresses that are not in there have the number 0, as on AWS.',
});

export const NO_FRAGMENT = diagnostic<{ matches: boolean }>({
  code: 'GWC2975', severity: 'warning',
  message: ({ matches }) => `UriFragment: no client sends the fragment of a URL, so this ${matches ? 'matches every request (FallbackBehavior MATCH)' : 'matches no request'}`,
  hint: () => 'look at UriPath or QueryString, or take the statement out',
  help: 'The fragment (what stands behind `#`) stays in the browser (RFC 9110, 4.2.5): no request has one that a rule could look at, on AWS as little as here. FallbackBehavior says what the statement comes to then.',
});

export const WITHOUT_EFFECT = diagnostic<{ name: string; why: string }>({
  code: 'GWC2976', severity: 'warning',
  message: ({ name, why }) => `${name} has no effect here: ${why}`,
  hint: ({ name }) => `remove ${name}, or leave it for AWS: it does no harm here`,
  help: 'Some settings of a web ACL are about services around it: data protection about the logs and samples that AWS WAF keeps, on-source DDoS protection about Application Load Balancers, managed rule groups of AWS about their applications. The rules do the same without them: remove such a setting, or leave it for AWS.',
});

export const HTTP_API_HAS_NO_WAF = diagnostic({
  code: 'GWC2958', severity: 'info',
  message: () => 'API Gateway has no web ACLs for HTTP APIs; this gateway applies it all the same',
  hint: () => 'on AWS put CloudFront in front of the API and the ACL on that, or write a REST API',
  help: 'AWS WAF protects REST APIs only (an HTTP API needs CloudFront in front). gwc applies `x-gwc.webAcl` to both; a blocked request gets 403 Forbidden. Keep it as it is, or put the ACL on a CloudFront distribution as on AWS.',
});

export const LOOKS_LIKE_BASE64 = diagnostic<{ text: string; decoded: string }>({
  code: 'GWC2959', severity: 'warning',
  message: ({ text, decoded }) => `SearchString '${text}' is taken as it stands; as Base64 it would be '${decoded}'`,
  hint: () => 'write SearchStringBase64 for Base64, or keep the ACL as `aws wafv2 get-web-acl` prints it, {"WebACL": …}',
  help: 'The AWS CLI (version 2) and the SDKs print search strings in Base64, CloudFormation and the console as text. gwc reads Base64 where the whole file is what `get-web-acl` or `get-rule-group` prints and every search string in it is Base64, and in `SearchStringBase64`; elsewhere text. Write `SearchStringBase64` where Base64 is meant.',
});

export const NEEDS_CRS = diagnostic<{ statement: string }>({
  code: 'GWC2971', severity: 'error',
  message: ({ statement }) => `${statement} needs the OWASP core rule set`,
  hint: () => 'build with --crs DIR, the folder that holds its rules/*.conf (Debian: /usr/share/modsecurity-crs/rules)',
  help: "`ManagedRuleGroupStatement: {VendorName: OWASP, Name: CRS}` are the request rules of the OWASP CRS with their anomaly scores, from the files that you give at build time: gwc brings none of them. With the files SqliMatchStatement and XssMatchStatement ask the rules of its families 942 and 941, too; without, gwc's own detection alone.",
});

export const CRS_UNREADABLE = diagnostic<{ path: string; problem: string }>({
  code: 'GWC2972', severity: 'error',
  message: ({ path, problem }) => `--crs ${path}: ${problem}`,
  hint: () => 'name the folder that holds REQUEST-941-APPLICATION-ATTACK-XSS.conf and the others',
  help: '`--crs` names the folder with the rules of the OWASP CRS, version 3.3: `rules/` of a download, /usr/share/modsecurity-crs/rules of the Debian package. Write the path of that folder, relative to the working directory.',
});

export const CRS_NOT_COMPILED = diagnostic<{ count: number; of: number; list: string }>({
  code: 'GWC2973', severity: 'info',
  message: ({ count, of, list }) => `${of - count} of ${of} CRS rules are compiled; not: ${list}`,
  help: 'gwc compiles a documented subset of the CRS: request rules of the paranoia level with @rx, @pm, @pmFromFile, @contains, @streq, @beginsWith, @endsWith, @within and numbers, chains, transformations, on ARGS, REQUEST_HEADERS, REQUEST_COOKIES, REQUEST_URI, REQUEST_BODY and their like. of multipart bodies (FILES, MULTIPART_PART_HEADERS) and XML:/*, and variables that rules set and capture (TX). @detectSQLi and @detectXSS are gwc\'s own detectors. Not compiled are rules of responses, those whose setting is not made (`crs.settings: {max_num_args: 255}`, by the names of crs-setup.conf), and patterns that no bounded engine can run. They are listed by id.',
});
