import { Redis } from 'ioredis';
import { claimPort } from '../../stack/ports';
import { startRedis } from '../../stack/redis';
import type { RunningServer } from '../../stack/server-process';
import { eventually } from './eventually';
import type { PrivateServers } from './private-servers';

const slots = 16_384;

const ask = async (port: number, name: string, ...args: readonly (string | number)[]): Promise<unknown> => {
  const redis = new Redis({ port, lazyConnect: true, maxRetriesPerRequest: 1 });
  await redis.connect();
  try {
    return await redis.call(name, [...args]);
  } finally {
    redis.disconnect();
  }
};

/**
 * Nodes talk to each other on the port 10,000 above their own. Of a free port of stack/ports.ts that one may be in use
 * by an outgoing connection; these two are below all that is handed out.
 */
const busPortOf = (port: number): number => port + 10_000;
const lowestPort = 7_000;
const highestPort = 9_900;
const attemptsMax = 100;

const freeNodePort = async (): Promise<number> => {
  for (let attempt = 1; ; attempt += 1) {
    const port = lowestPort + Math.floor(Math.random() * (highestPort - lowestPort));
    try {
      await claimPort(busPortOf(port), 'the bus port');
      return await claimPort(port, 'the port');
    } catch (error) {
      if (attempt === attemptsMax) throw error;
    }
  }
};

export interface RedisCluster {
  /** The nodes, as `REDIS_URL` takes them. */
  readonly urls: string;
  kill(node: number): Promise<void>;
  /** Starts a killed node with the data and the place in the cluster that it had. */
  restart(node: number): Promise<void>;
}

/** Three masters with a third of the slots each, which know each other. ADDSLOTSRANGE would need Redis 7. */
export const startRedisCluster = async (own: PrivateServers): Promise<RedisCluster> => {
  const extraArgs = ['--cluster-enabled', 'yes'];
  const start = (node: number, port: number): Promise<RunningServer> =>
    own.keep(startRedis({ ...own.place(`redis-${node}`, port), extraArgs }));
  const masters = await Promise.all([0, 1, 2].map(async (node) => start(node, await freeNodePort())));
  const third = Math.ceil(slots / masters.length);
  for (const [index, { port }] of masters.entries()) {
    const from = index * third;
    const count = Math.min(third, slots - from);
    await ask(port, 'CLUSTER', 'ADDSLOTS', ...Array.from({ length: count }, (_, at) => from + at));
    for (const other of masters.slice(0, index)) await ask(other.port, 'CLUSTER', 'MEET', '127.0.0.1', port);
  }
  await eventually(
    async () => {
      for (const { port } of masters) {
        const info = String(await ask(port, 'CLUSTER', 'INFO'));
        expect(info).toContain('cluster_state:ok');
        expect(info).toContain(`cluster_known_nodes:${masters.length}`);
      }
    },
    { withinMs: 30_000 },
  );
  return {
    urls: masters.map(({ url }) => url).join(','),
    kill: async (node) => masters[node]?.kill('SIGKILL'),
    restart: async (node) => {
      masters[node] = await start(node, masters[node]?.port ?? 0);
    },
  };
};
