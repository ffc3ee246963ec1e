/** Connections to Redis or Valkey: one server, a cluster, or whatever sentinels call the master. They come back by themselves, and nothing waits for one that is away. */
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { CannotStart } from '../../cannot-start.js';
import type { RedisAddress } from '../store-address.js';

export type RedisConnection = Redis | Cluster;

/** A command that has no answer by then has failed. The limiter's own patience is shorter. */
const COMMAND_MS = 2_000;
const CONNECT_MS = 2_000;

/** `log` gets one line when the connection is lost for whatever reason, and one when it is there again. */
export function connectRedis(address: RedisAddress, log: (line: string) => void): RedisConnection {
  const retryStrategy = (times: number): number => Math.min(1_000, 25 * 2 ** Math.min(times, 6));
  const common: RedisOptions = {
    protocol: 2,
    username: address.username, password: address.password, db: address.database,
    ...(address.tls ? { tls: {} } : {}),
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
      ...(address.tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
      sentinelUsername: address.sentinelUsername, sentinelPassword: address.sentinelPassword, failoverDetector: true, sentinelCommandTimeout: COMMAND_MS,
    })
    : new Cluster([...address.nodes], { enableOfflineQueue: false, clusterRetryStrategy: retryStrategy, redisOptions: common, slotsRefreshTimeout: CONNECT_MS });
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

/** Credentials or a database that the server refuses will not be accepted later either. */
const REFUSED = /^(?:WRONGPASS|NOAUTH|NOPERM|ERR (?:invalid password|Client sent AUTH|DB index|AUTH|SELECT is not allowed))/;

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
    const onError = (error: Error): void => {
      const cause = (error as { lastNodeError?: Error }).lastNodeError ?? error;
      if (REFUSED.test(cause.message)) done(new CannotStart(`${address.shown} refuses the connection: ${cause.message}`));
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
