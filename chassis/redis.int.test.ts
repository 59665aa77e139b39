import { randomUUID } from 'node:crypto';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import type { Redis } from 'ioredis';
import { silentLog } from './log';
import { connectRedis, redisReady } from './redis';

/** A TCP proxy that can cut the connection after Redis has answered and before the caller hears it. */
const startProxy = async (
  target: URL,
): Promise<{ url: string; loseNextReply: () => void; close: () => void }> => {
  let losing = false;
  const server: Server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => {
      if (!losing) client.write(chunk);
      else {
        losing = false;
        client.destroy();
      }
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `redis://127.0.0.1:${port}`,
    loseNextReply: () => (losing = true),
    close: () => void server.close(),
  };
};

const redisUrl = process.env['REDIS_URL'] ?? '';
const opened: Redis[] = [];
const open = async (url: string): Promise<Redis> => {
  const redis = connectRedis(url, silentLog);
  opened.push(redis);
  await redisReady(redis, 5_000);
  return redis;
};

afterEach(() => {
  for (const redis of opened.splice(0)) redis.disconnect();
});

describe('a Redis connection of the chassis', () => {
  it('runs a script once and rejects when its reply is lost', async () => {
    const proxy = await startProxy(new URL(redisUrl));
    const key = `{chassis}:${randomUUID()}`;
    const [proxied, direct] = [await open(proxy.url), await open(redisUrl)];
    const increment = (): Promise<unknown> => proxied.eval("return redis.call('incr', KEYS[1])", 1, key);
    await increment();
    proxy.loseNextReply();
    await expect(increment()).rejects.toThrow();
    await redisReady(proxied, 5_000);
    expect(await direct.get(key)).toBe('2');
    await direct.del(key);
    proxy.close();
  });

  it('fails a command at once while there is no connection', async () => {
    const nobody = connectRedis('redis://127.0.0.1:1', silentLog);
    opened.push(nobody);
    await expect(nobody.get('x')).rejects.toThrow();
  });

  it('says how long it waited for a server that is not there', async () => {
    const nobody = connectRedis('redis://127.0.0.1:1', silentLog);
    opened.push(nobody);
    await expect(redisReady(nobody, 200)).rejects.toThrow('Redis was not reached within 200 ms');
  });
});
