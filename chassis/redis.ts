import { Redis, type RedisOptions } from 'ioredis';
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

/** Connects in the background and reconnects for ever; commands fail at once while there is no connection. */
export const connectRedis = (url: string, log: Log, more: RedisOptions = {}): Redis => {
  const redis = new Redis(url, { ...safeOptions, ...more });
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

/** Resolves once commands can be sent; rejects after `timeoutMs`. */
export const redisReady = (redis: Redis, timeoutMs: number): Promise<void> =>
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
