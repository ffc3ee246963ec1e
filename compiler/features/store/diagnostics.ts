import { diagnostic } from '../../diagnostics/define.js';

export const INVALID_STORE = diagnostic<{ problem: string }>({
  code: 'GWC2841', severity: 'error',
  message: ({ problem }) => `x-gwc.store: ${problem}`,
  hint: () => 'write redis, sqlite, memory, an address such as sqlite:/var/lib/gateway.db or redis://host:6379, or a list of them',
  help: '`x-gwc.store` says where the gateway keeps throttles, quotas and usage. The kinds it names (`redis`, `sqlite`) are built into the gateway file; the first entry is what a gateway uses that is started without `--store` (environment: `GWC_STORE`). A kind without an address as first entry has to be told where at start; `[memory, redis]` uses memory unless told otherwise. Addresses: `sqlite:PATH`, `redis://HOST:PORT/DB`, `rediss://` (TLS), `redis-cluster://HOST:PORT,HOST:PORT`, `redis-sentinel://HOST:PORT,HOST:PORT/MASTER`.',
});

export const SECRET_IN_STORE = diagnostic({
  code: 'GWC2842', severity: 'error',
  message: () => 'the address in x-gwc.store has a password: it would be in every gateway file',
  hint: () => 'write the kind alone (store: redis) and give the address at start: GWC_STORE=redis://:password@host:6379',
  help: 'Documents and gateway files are passed around; passwords are not part of them. The address of a store that wants a password is given at start, in the environment variable `GWC_STORE` (or with `--store`, which other users of the machine can see). gwc and the gateway never print it.',
});
