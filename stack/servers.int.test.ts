import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import Redis from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { Client } from 'pg';
import { leadsSession } from '../tests/support/leads-session';
import { privateServers } from '../tests/support/private-servers';
import { makeClassArchives } from './class-archives';
import { startKafka } from './kafka';
import { freePort, loopback } from './ports';
import { startPostgres } from './postgres';
import { startRedis } from './redis';
import { startRegistry } from './registry';
import { fetchServers } from './server-files';
import type { RunningServer } from './server-process';

/** Two JVM starts take 8 s on two idle cores and over a minute on busy ones. */
jest.setTimeout(240_000);

const own = privateServers();
afterAll(() => own.remove());
beforeAll(async () => makeClassArchives(await fetchServers(), () => undefined));

/** Only Linux shows what a process maps. */
const mapsRecorded = ({ pid }: RunningServer, archive: string): boolean =>
  process.platform !== 'linux' || readFileSync(`/proc/${pid}/maps`, 'utf8').includes(archive);

const query = async (url: string, text: string): Promise<unknown[]> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000, query_timeout: 5000 });
  await client.connect();
  try {
    return (await client.query(text)).rows as unknown[];
  } finally {
    await client.end();
  }
};

const redisCommand = async <T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> => {
  const redis = new Redis(url, { retryStrategy: () => null, commandTimeout: 5000 });
  redis.on('error', () => undefined);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
};

const adminOf = (broker: string) =>
  new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING, clientId: 'stack-test' }).admin();

const subjects = async (url: string): Promise<unknown> =>
  (await fetch(`${url}/subjects`, { signal: AbortSignal.timeout(5000) })).json();

const occupy = async (port: number): Promise<Server> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, loopback, resolve));
  return server;
};

describe('Redis', () => {
  test('keeps what it answered through kill -9, and never evicts', async () => {
    const first = await own.keep(startRedis(own.place('redis')));
    await redisCommand(first.url, (redis) => redis.set('stock', '10'));
    await first.kill('SIGKILL');
    const second = await own.keep(startRedis(own.place('redis', first.port)));
    expect(second.url).toBe(first.url);
    expect(await redisCommand(second.url, (redis) => redis.get('stock'))).toBe('10');
    const policy = await redisCommand(second.url, (redis) => redis.config('GET', 'maxmemory-policy'));
    expect(policy).toEqual(['maxmemory-policy', 'noeviction']);
  });

  test('listens on loopback only', async () => {
    const server = await own.keep(startRedis(own.place('redis-loopback')));
    const bound = await redisCommand(server.url, (redis) => redis.config('GET', 'bind'));
    expect(bound).toEqual(['bind', '127.0.0.1']);
  });

  test('leads a session, as every server of a test does, and stays in that of a stack', async () => {
    const ofTest = await own.keep(startRedis(own.place('redis-of-test')));
    const ofStack = await own.keep(startRedis({ ...own.place('redis-of-stack'), sharesSession: true }));
    expect(leadsSession(ofTest.pid)).toBe(true);
    expect(leadsSession(ofStack.pid)).toBe(false);
  });

  test('that cannot start says what its log says', async () => {
    const starting = startRedis({ ...own.place('redis-broken'), extraArgs: ['--maxmemory', 'plenty'] });
    await expect(starting).rejects.toThrow(/redis ended with code 1 while starting[^]*maxmemory/);
  });
});

describe('PostgreSQL', () => {
  test('keeps what it committed through kill -9, and wants its password', async () => {
    const first = await own.keep(startPostgres(own.place('postgres')));
    await query(first.url, 'CREATE TABLE orders AS SELECT 7 AS amount');
    await first.kill('SIGKILL');
    const second = await own.keep(startPostgres(own.place('postgres', first.port)));
    expect(await query(second.url, 'SELECT amount FROM orders')).toEqual([{ amount: 7 }]);
    const guess = second.url.replace(/:flash_sale@/, ':guess@');
    await expect(query(guess, 'SELECT 1')).rejects.toThrow(/password/);
  });

  test('starts in a folder that is closed to every other user', async () => {
    const place = own.place('closed/postgres');
    mkdirSync(join(place.dataDir, '..'), { recursive: true });
    chmodSync(join(place.dataDir, '..'), 0o700);
    const first = await own.keep(startPostgres(place));
    await query(first.url, 'CREATE TABLE orders AS SELECT 7 AS amount');
    await first.stop();
    const second = await own.keep(startPostgres(place));
    expect(await query(second.url, 'SELECT amount FROM orders')).toEqual([{ amount: 7 }]);
  });
});

describe('the Schema Registry', () => {
  test('maps its recorded classes, and keeps its schemas through kill -9', async () => {
    const first = await own.keep(startRegistry(own.place('registry')));
    expect(mapsRecorded(first, '/registry.jsa')).toBe(true);
    const answer = await fetch(`${first.url}/subjects/kept-value/versions`, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
      body: JSON.stringify({ schema: '{"type":"record","name":"Kept","fields":[]}' }),
    });
    expect(answer.status).toBe(200);
    await first.kill('SIGKILL');
    const second = await own.keep(startRegistry(own.place('registry', first.port)));
    expect(await subjects(second.url)).toEqual(['kept-value']);
  });
});

/** Passes bytes on, and counts the connections: a stand-in for the proxy of a fault test. */
const passThrough = async (from: number, to: number) => {
  let connections = 0;
  const server = createServer((client) => {
    connections += 1;
    const broker = connect(to, loopback);
    client.on('error', () => broker.destroy()).pipe(broker);
    broker.on('error', () => client.destroy()).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(from, loopback, resolve));
  return { connections: () => connections, close: () => server.close() };
};

test('Kafka maps its recorded classes, keeps its topics through kill -9, makes none by itself, and sends clients to a proxy', async () => {
  const first = await own.keep(startKafka(own.place('kafka')));
  expect(mapsRecorded(first, '/kafka.jsa')).toBe(true);
  const admin = adminOf(first.url);
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 3 }] });
  await expect(admin.fetchTopicMetadata({ topics: ['never-made'] })).rejects.toThrow(/does not host/);
  await admin.disconnect();
  await first.kill('SIGKILL');

  const [port, advertisedPort] = [await freePort(), await freePort()];
  const extraListeners = [{ name: 'PROXIED', port, advertisedPort }];
  const second = await own.keep(startKafka({ ...own.place('kafka', first.port), extraListeners }));
  const proxy = await passThrough(advertisedPort, port);
  const proxied = adminOf(`${loopback}:${port}`);
  await proxied.connect();
  expect(await proxied.listTopics()).toContain('kept');
  const { brokers } = await proxied.describeCluster();
  expect(brokers).toEqual([{ nodeId: 1, host: loopback, port: advertisedPort }]);
  expect(proxy.connections()).toBeGreaterThan(0);
  await proxied.disconnect();
  proxy.close();
  await second.stop();
});

describe('a busy port', () => {
  const servers = [
    ['KAFKA_PORT', startKafka],
    ['SCHEMA_REGISTRY_PORT', startRegistry],
    ['REDIS_PORT', startRedis],
    ['POSTGRES_PORT', startPostgres],
  ] as const;

  test.each(servers)('is an error that names %s', async (variable, start) => {
    const port = await freePort();
    const occupant = await occupy(port);
    await expect(start(own.place(variable, port))).rejects.toThrow(
      `Port ${port} is in use. Stop what listens there, or set ${variable} to another port.`,
    );
    occupant.close();
  });
});

test('a start that gets no answer in time stops the server and shows its log', async () => {
  const place = own.place('registry-late');
  await expect(startRegistry({ ...place, timeoutMs: 1 })).rejects.toThrow(
    /schema-registry did not answer on port \d+ within 1 ms\. The end of .*registry-late\.log/,
  );
});
