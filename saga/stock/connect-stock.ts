import type { Redis } from 'ioredis';
import { InfrastructureError } from '../../chassis/kafka/log';
import type { Log } from '../../chassis/log';
import { connectRedis, redisReady } from '../../chassis/redis';
import type { StockConnector } from '../ports';
import { keysOf } from './keys';
import { createRedisStock } from './redis-stock';
import { readScripts } from './scripts';

const connectTimeoutMs = 3_000;

/** One connection that is never made again: a new one may reach another process, and the gate must look first. */
const connectOnce = async (url: string, log: Log, ca: string | undefined): Promise<Redis> => {
  const redis = connectRedis(url, log, { ca, retryStrategy: () => null });
  try {
    await Promise.race([redisReady(redis, connectTimeoutMs), failed(redis)]);
    return redis;
  } catch (cause) {
    redis.disconnect();
    throw new InfrastructureError(`Redis: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
};

const failed = (redis: Redis): Promise<never> =>
  new Promise((_, reject) => {
    redis.once('end', () => reject(new Error('the connection was refused or lost')));
  });

type SlotRange = readonly [from: number, to: number, master: readonly [host: string, port: number]];

/** The address of the master that owns the sale's slot, or undefined when this server is no part of a cluster. */
const slotOwner = async (
  redis: Redis,
  saleId: string,
): Promise<{ host: string; port: number } | undefined> => {
  if (!/^cluster_enabled:1/m.test(await redis.info('cluster'))) return undefined;
  const slot = await redis.cluster('KEYSLOT', keysOf(saleId).current);
  const ranges = (await redis.cluster('SLOTS')) as unknown as readonly SlotRange[];
  const owner = ranges.find(([from, to]) => from <= slot && slot <= to)?.[2];
  if (!owner) throw new InfrastructureError(`Redis Cluster: nobody owns slot ${slot} of sale ${saleId}`);
  return { host: owner[0], port: owner[1] };
};

const withAddress = (url: string, { host, port }: { host: string; port: number }): string => {
  const address = new URL(url);
  address.hostname = host.includes(':') ? `[${host}]` : host;
  address.port = String(port);
  return address.toString();
};

const connectToOwner = async (
  url: string,
  saleId: string,
  log: Log,
  ca: string | undefined,
): Promise<Redis> => {
  const redis = await connectOnce(url, log, ca);
  try {
    const owner = await slotOwner(redis, saleId);
    if (!owner) return redis;
    redis.disconnect();
    return await connectOnce(withAddress(url, owner), log, ca);
  } catch (error) {
    redis.disconnect();
    throw error;
  }
};

export interface StockConnectorOptions {
  /** Whether refusals are recorded with their detail: see record.ts. */
  readonly recordsDetail?: boolean;
  /** PEM of the authority that signed the certificate of a rediss:// server. */
  readonly ca?: string | undefined;
}

/**
 * Connects to the one server that holds the sale: the server of `redisUrl`, or, when that is a node of a Redis Cluster
 * (several nodes separated by commas), the master that owns the sale's slot. Without a redirecting client in between,
 * the run id that the gate compares is that of the process that runs the scripts.
 */
export const createStockConnector = (
  redisUrl: string,
  saleId: string,
  log: Log,
  { recordsDetail = false, ca }: StockConnectorOptions = {},
): StockConnector => {
  const scripts = readScripts();
  const urls = redisUrl.split(',');
  let attempt = 0;
  return {
    connect: async () => {
      const url = urls[attempt % urls.length] ?? redisUrl;
      try {
        const redis = await connectToOwner(url, saleId, log, ca);
        return createRedisStock(redis, { saleId, scripts, recordsDetail });
      } catch (error) {
        attempt += 1;
        throw error instanceof InfrastructureError
          ? error
          : new InfrastructureError(`Redis: ${String(error)}`, { cause: error });
      }
    },
  };
};
