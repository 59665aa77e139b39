import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Log } from './log';

/**
 * Settings that keep an unknown outcome unknown instead of repeating it behind our back. Reproduced with ioredis 5.11:
 * with its default `autoResendUnfulfilledCommands` a script ran twice when the reply was lost (counter 3, wanted 2);
 * with it off but `maxRetriesPerRequest` unset the promise never settled; with the offline queue a timed-out command
 * ran seconds after its caller had given up.
 */
const safeOptions: RedisOptions = {
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  enableAutoPipelining: false,
  /** Longer than the slowest batch seen (1,000 orders, 25 ms) by far; shorter than a buyer's patience. */
  commandTimeout: 1_000,
  connectTimeout: 2_000,
  keepAlive: 5_000,
  retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), 1_000),
};

/** One server, or a client that finds the node of each key. */
export type RedisClient = Redis | Cluster;

const logTrouble = <Client extends RedisClient>(redis: Client, log: Log): Client => {
  let lastError = '';
  redis.on('error', (error: Error) => {
    if (error.message === lastError) return;
    lastError = error.message;
    log.warn('redis connection trouble', { event: 'redis_error', error });
  });
  redis.on('ready', () => {
    lastError = '';
  });
  return redis;
};

/**
 * A replica, which was the primary before a failover or became one: only a new connection finds the primary of today.
 * Inside a script Redis 6 puts its own words before this one. What failed is not sent again.
 */
const isReadOnly = ({ message }: Error): boolean => message.includes('READONLY');

export interface ConnectOptions extends RedisOptions {
  /** PEM of the authority that signed the certificate of a rediss:// server; unset: those that Node knows. */
  readonly ca?: string | undefined;
}

/** Connects in the background and reconnects for ever; commands fail at once while there is no connection. */
export const connectRedis = (url: string, log: Log, { ca, ...more }: ConnectOptions = {}): Redis => {
  const tls: RedisOptions = ca !== undefined && url.startsWith('rediss:') ? { tls: { ca } } : {};
  return logTrouble(new Redis(url, { ...safeOptions, reconnectOnError: isReadOnly, ...tls, ...more }), log);
};

/**
 * Follows the cluster's redirections. A command whose connection broke is not sent again: ioredis would, after
 * `retryDelayOnFailover`, and it may have run.
 * @param nodes some nodes of the cluster; the user, password and TLS of the first hold for all
 */
const connectCluster = (nodes: readonly string[], log: Log, ca: string | undefined): Cluster => {
  const { protocol, username, password } = new URL(nodes[0] ?? '');
  const redisOptions: RedisOptions = { ...safeOptions };
  if (username) redisOptions.username = decodeURIComponent(username);
  if (password) redisOptions.password = decodeURIComponent(password);
  if (protocol === 'rediss:') redisOptions.tls = ca === undefined ? {} : { ca };
  const cluster = new Cluster([...nodes], {
    redisOptions,
    enableOfflineQueue: false,
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    clusterRetryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), 1_000),
  });
  return logTrouble(cluster, log);
};

/**
 * As `connectRedis`, for callers that need not know which process answers: several nodes separated by commas are of one
 * Redis Cluster.
 */
export const connectRedisOrCluster = (urls: string, log: Log, ca?: string): RedisClient => {
  const nodes = urls.split(',');
  return nodes.length > 1 ? connectCluster(nodes, log, ca) : connectRedis(urls, log, { ca });
};

/** Resolves once commands can be sent; rejects after `timeoutMs`. */
export const redisReady = (redis: RedisClient, timeoutMs: number): Promise<void> =>
  new Promise((resolve, reject) => {
    if (redis.status === 'ready') {
      resolve();
      return;
    }
    const onReady = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      redis.removeListener('ready', onReady);
      reject(new Error(`Redis was not reached within ${timeoutMs} ms`));
    }, timeoutMs);
    redis.once('ready', onReady);
  });
