import { Redis } from 'ioredis';
import { startRedis } from '../../stack/redis';
import type { PrivateServers } from '../support/private-servers';
import { startRedisCluster } from '../support/redis-cluster';

/** What holds a sale: a Redis alone, or the master of a Redis Cluster that owns the sale's slot. */
export interface SaleRedis {
  /** As `REDIS_URL` takes it. */
  readonly url: string;
  /** Of the server that holds the sale. */
  readonly port: number;
  /** Its data. */
  readonly folder: string;
  /** By SIGKILL. */
  kill(): Promise<void>;
  /** Starts it on the same port and data. */
  start(): Promise<void>;
}

/** One word to one server. */
export const tellRedis = async (port: number, ...words: readonly [string, ...string[]]): Promise<unknown> => {
  const redis = new Redis({ port, lazyConnect: true, maxRetriesPerRequest: 0 });
  await redis.connect();
  try {
    return await redis.call(...words);
  } finally {
    redis.disconnect();
  }
};

export const startAlone = async (own: PrivateServers): Promise<SaleRedis> => {
  let redis = await own.keep(startRedis(own.place('redis')));
  const { url, port } = redis;
  return {
    url,
    port,
    folder: own.place('redis').dataDir,
    kill: () => redis.kill('SIGKILL'),
    start: async () => {
      redis = await own.keep(startRedis(own.place('redis', port)));
    },
  };
};

export const startInCluster = async (own: PrivateServers, saleId: string): Promise<SaleRedis> => {
  const cluster = await startRedisCluster(own);
  const ports = cluster.urls.split(',').map((url) => Number(new URL(url).port));
  const slot = Number(await tellRedis(ports[0] ?? 0, 'CLUSTER', 'KEYSLOT', `{${saleId}}`));
  const ranges = (await tellRedis(ports[0] ?? 0, 'CLUSTER', 'SLOTS')) as [number, number, [string, number]][];
  const port = ranges.find(([from, to]) => from <= slot && slot <= to)?.[2][1] ?? 0;
  const node = ports.indexOf(port);
  return {
    url: cluster.urls,
    port,
    folder: own.place(`redis-${node}`).dataDir,
    kill: () => cluster.kill(node),
    start: () => cluster.restart(node),
  };
};
