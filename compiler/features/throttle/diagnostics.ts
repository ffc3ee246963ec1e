import { diagnostic } from '../../diagnostics/define.js';

const EXAMPLES: Readonly<Record<string, string>> = { period: 'DAY', limit: '1000', offset: '0', burstLimit: '20', throttlingBurstLimit: '20' };

export const INVALID_LIMIT = diagnostic<{ field: string; expected: string }>({
  code: 'GWC2761', severity: 'error',
  message: ({ field, expected }) => `${field} must be ${expected}`,
  hint: ({ field }) => `write ${field}: ${EXAMPLES[field] ?? '10'}${/rate|burst/i.test(field) ? ' for example, or -1 for no limit' : ' for example'}`,
  help: 'A throttle is a token bucket: `rateLimit` (`throttlingRateLimit`) tokens come in per second, at most `burstLimit` (`throttlingBurstLimit`) are held, every request takes one. A rate is a number of requests per second with at most three decimals, a burst a whole number up to 2147483647 (9000000 for rates with decimals). A quota is a whole number of requests per `DAY`, `WEEK` (from Sunday) or `MONTH` (from the 1st), in UTC; its `offset` is taken off the limit in the first period, the one in which the gateway starts to count. -1 means: not set.',
});

export const ZERO_LIMIT = diagnostic<{ field: string }>({
  code: 'GWC2762', severity: 'warning',
  message: ({ field }) => `${field} is 0: every request is answered 429`,
  hint: () => 'write -1 or leave the throttle out for no limit',
  help: 'A limit of 0 blocks. API Gateway users do this on purpose to shut a method or a stage; it is also a common misreading of "no limit". Write `-1` or leave the limit out for no limit.',
});

export const FILLED_IN_LIMIT = diagnostic<{ field: string; value: number }>({
  code: 'GWC2763', severity: 'info',
  message: ({ field, value }) => `${field} is not given; it is ${value}, as on API Gateway`,
  hint: ({ field }) => `write ${field} too`,
  help: 'A stage throttle has a rate and a burst. When only one is given API Gateway fills in its account defaults: 10000 requests per second, burst 5000. Write both: `throttlingRateLimit: 100`, `throttlingBurstLimit: 200`.',
});

export const UNMATCHED_OPERATION = diagnostic<{ key: string; suggestion: string | undefined }>({
  code: 'GWC2764', severity: 'warning',
  message: ({ key }) => `'${key}' is no operation of this document: the limit applies to nothing`,
  hint: ({ suggestion }) => (suggestion ? `did you mean '${suggestion}'?` : "write path and method, /pets/{petId}/GET; '*/*' in methodSettings stands for every method"),
  help: 'Limits of single methods are named by resource path and method: `/pets/{petId}/GET` (API Gateway\'s encoded form `~1pets~1{petId}/GET` is understood too), `/pets/ANY` for an ANY method, in `routeSettings` of HTTP APIs `GET /pets/{petId}`. Only `*/*` is a wildcard.',
});

export const UNKNOWN_PLAN_STAGE = diagnostic<{ plan: string; stage: string; suggestion: string | undefined; known: string }>({
  code: 'GWC2765', severity: 'error',
  message: ({ plan, stage }) => `usage plan '${plan}' covers the stage '${stage}', which is not declared`,
  hint: ({ suggestion, known }) => (suggestion ? `did you mean '${suggestion}'?` : `this document has ${known}`),
  help: '`apiStages` lists the stages that a usage plan covers, by their names under `x-gwc.stages`. A document that declares no stages is served as `$default`, or as the stage given with `--stage`.',
});

export const PLAN_WITHOUT_STAGES = diagnostic<{ plan: string }>({
  code: 'GWC2766', severity: 'warning',
  message: ({ plan }) => `usage plan '${plan}' covers no stage: its keys open nothing`,
  hint: () => 'add apiStages: [{stage: prod}]',
  help: 'A key opens the stages that its usage plans cover. A plan without `apiStages` gives its keys access to nothing: they are answered 403.',
});

export const USAGE_PLAN_UNUSED = diagnostic<{ plan: string }>({
  code: 'GWC2767', severity: 'warning',
  message: ({ plan }) => `no API key is in usage plan '${plan}': it limits nobody`,
  hint: ({ plan }) => `add usagePlans: [${plan}] to a key under x-gwc.apiKeys, or say with x-gwc: {admin: true} that keys are made at run time`,
  help: 'Limits of a usage plan apply to each API key in the plan. Without keys it has no effect. Keys may be put into it while the gateway runs (`gwc keys`, or the AWS command line against the admin port); `x-gwc.admin: true` says that they are.',
});

export const IGNORED_API_ID = diagnostic({
  code: 'GWC2768', severity: 'info',
  message: () => 'apiId is ignored: a usage plan in the document is about this API',
  help: 'On AWS a usage plan spans APIs, named by id. A gwc bundle is one API: limits and quotas of a plan count its requests only.',
});

export const FAIL_WITHOUT_STORE = diagnostic<{ field: string }>({
  code: 'GWC2843', severity: 'warning',
  message: ({ field }) => `${field} has no effect: limits are kept in memory, which is never away`,
  hint: () => 'add x-gwc: {store: redis} (or sqlite), or remove it',
  help: 'A limit whose store (Redis, a SQLite file) cannot be asked follows its `fail` (plans) or `throttlingFail` (the throttles of a stage): `open` lets requests in, `closed` refuses them with 429, `local` (the default) has each gateway count by itself, quotas from where they were last known to be. Without `x-gwc.store` limits are in the memory of the gateway.',
});
