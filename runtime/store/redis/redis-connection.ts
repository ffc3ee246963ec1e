/** Connections to Redis or Valkey: one server, a cluster, or whatever sentinels call the master. They come back by themselves, and nothing waits for one that is away. */
import { readFileSync } from 'node:fs';
import { connect, type ConnectionOptions } from 'node:tls';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { CannotStart } from '../../cannot-start.js';
import type { RedisAddress, RedisTls } from '../store-address.js';

export type RedisConnection = Redis | Cluster;

/** A command that has no answer by then has failed. The limiter's own patience is shorter. */
const COMMAND_MS = 2_000;
const CONNECT_MS = 2_000;

/** Throws CannotStart when a file cannot be read. `log` gets one line when the connection is lost for whatever reason, and one when it is there again. */
export function connectRedis(address: RedisAddress, log: (line: string) => void): RedisConnection {
  const tls = address.tls && tlsOptions(address.tls);
  const retryStrategy = (times: number): number => Math.min(1_000, 25 * 2 ** Math.min(times, 6));
  const common: RedisOptions = {
    protocol: 2,
    username: address.username, password: address.password, db: address.database,
    ...(tls ? { tls } : {}),
    connectTimeout: CONNECT_MS, commandTimeout: COMMAND_MS, keepAlive: 10_000,
    // What was sent and not answered may have been done: asking twice would count twice.
    autoResendUnfulfilledCommands: false, enableOfflineQueue: false, maxRetriesPerRequest: null,
    // The master has become a replica: connect again, and find out who the new one is.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    disableClientInfo: true,
  };
  const client = address.form === 'single' ? new Redis({ ...common, ...address.nodes[0]!, retryStrategy })
    : address.form === 'sentinel' ? new Redis({
      ...common, retryStrategy, sentinels: [...address.nodes], name: address.master, sentinelRetryStrategy: retryStrategy,
      ...(tls ? { enableTLSForSentinelMode: true, sentinelTLS: tls } : {}),
      sentinelUsername: address.sentinelUsername, sentinelPassword: address.sentinelPassword, failoverDetector: true, sentinelCommandTimeout: COMMAND_MS,
    })
    : new Cluster([...address.nodes], { enableOfflineQueue: false, clusterRetryStrategy: retryStrategy, redisOptions: common, slotsRefreshTimeout: CONNECT_MS, ...(tls ? { dnsLookup: asNamed } : {}) });
  let away = false;
  client.on('error', (error: Error) => {
    if (away) return;
    away = true;
    log(`${address.shown}: ${problemOf(error)}`);
  });
  client.on('ready', () => {
    if (away) log(`${address.shown}: connected again`);
    away = false;
  });
  return client;
}

/** A certificate is for the name in the address: nodes of a cluster are looked up when they are connected to, not before. */
const asNamed = (host: string, done: (error: null, host: string) => void): void => done(null, host);

function tlsOptions({ ca, cert, key, servername }: RedisTls): ConnectionOptions {
  const read = (option: string, file: string): Record<string, Buffer> => {
    if (file === '') return {};
    try { return { [option]: readFileSync(file) }; } catch (error) { throw new CannotStart(`--store …?${option}=${file}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message}`); }
  };
  return { minVersion: 'TLSv1.2', ...read('ca', ca), ...read('cert', cert), ...read('key', key), ...(servername === '' ? {} : { servername }) };
}

/** Credentials or a database that the server refuses will not be accepted later either. */
const REFUSED = /^(?:WRONGPASS|NOAUTH|NOPERM|ERR (?:invalid password|Client sent AUTH|DB index|AUTH|SELECT is not allowed))/;

/** Nor will a certificate, of one side or the other. */
const UNTRUSTED = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|ERR_OSSL_)/;

/** Of a cluster's nodes and of sentinels ioredis only says that they are not there: what the first of them answers to TLS. undefined: nothing is wrong with its certificate. */
function untrusted({ nodes: [node], tls }: RedisAddress): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: node!.host, port: node!.port, timeout: CONNECT_MS, ...tlsOptions(tls!) }, () => { socket.destroy(); resolve(undefined); });
    socket.on('timeout', () => socket.destroy()).on('close', () => resolve(undefined));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(UNTRUSTED.test(error.code ?? '') ? error : undefined));
  });
}

/** Resolves when the connection stands, or after `patienceMs`: a server that is away may come. Rejects with CannotStart when it refuses. */
export function connected(client: RedisConnection, address: RedisAddress, patienceMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => done(), patienceMs);
    const done = (error?: CannotStart): void => {
      clearTimeout(timer);
      client.off('ready', onReady).off('error', onError).off('node error', onError);
      if (error) reject(error);
      else resolve();
    };
    const onReady = (): void => done();
    const distrusted = (cause: Error): void => done(new CannotStart(`${address.shown}: no trusted TLS connection: ${cause.message}`));
    let looked = false;
    const onError = (error: Error): void => {
      const cause = (error as { lastNodeError?: Error }).lastNodeError ?? error;
      if (REFUSED.test(cause.message)) return done(new CannotStart(`${address.shown} refuses the connection: ${cause.message}`));
      if (address.tls === null) return;
      if (UNTRUSTED.test((cause as NodeJS.ErrnoException).code ?? '')) return distrusted(cause);
      if (address.form === 'single' || looked) return;
      looked = true;
      void untrusted(address).then((reason) => { if (reason !== undefined) distrusted(reason); });
    };
    client.on('ready', onReady).on('error', onError).on('node error', onError);
    if (client.status === 'ready') done();
  });
}

function problemOf(error: Error): string {
  const cause = (error as { lastNodeError?: Error }).lastNodeError ?? error;
  // Of several addresses that were tried Node puts the reasons in a list and leaves the message empty.
  return cause.message || (cause as NodeJS.ErrnoException).code || cause.name;
}
