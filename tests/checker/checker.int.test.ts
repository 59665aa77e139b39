import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { createLogAdmin } from '../../chassis/kafka/admin';
import { kafkaConnection } from '../../chassis/kafka/connection';
import { createLogProducer } from '../../chassis/kafka/producer';
import { projectRoot } from '../../stack/project-root';

/** The oldest Python that the checker runs on. */
const wanted = [3, 9] as const;
const checker = join(projectRoot(), 'tests', 'checker');
const environment = {
  ...process.env,
  PYTHONPATH: [join(projectRoot(), 'reconcile', 'reading'), join(projectRoot(), 'reconcile')].join(delimiter),
  PYTHONDONTWRITEBYTECODE: '1',
};

const pythonVersion = (): readonly [number, number] | undefined => {
  const asked = spawnSync('python3', ['-c', 'import sys; print(*sys.version_info[:2])'], {
    encoding: 'utf8',
  });
  if (asked.status !== 0) return undefined;
  const [major, minor] = asked.stdout.trim().split(' ').map(Number);
  return major !== undefined && minor !== undefined ? [major, minor] : undefined;
};

const version = pythonVersion();
const hasPython = version !== undefined && (version[0] > wanted[0] || version[1] >= wanted[1]);
if (!hasPython)
  console.warn(`The history checker is not tested: it needs python3 from ${wanted.join('.')} on.`);
const withPython = hasPython ? describe : describe.skip;

/** Runs a program beside the checker's modules; it prints JSON. */
const python = (program: string, ...values: readonly string[]): unknown =>
  JSON.parse(
    execFileSync('python3', ['-c', program, ...values], {
      cwd: checker,
      encoding: 'utf8',
      env: environment,
      timeout: 30_000,
    }),
  );

withPython('the history checker', () => {
  it('finds every anomaly planted in a synthetic history, and none in healthy ones', () => {
    const run = spawnSync('python3', ['-m', 'unittest', 'discover', '-s', checker, '-t', checker], {
      encoding: 'utf8',
      env: environment,
      timeout: 120_000,
    });
    expect(run.stderr).toMatch(/\nRan \d+ tests in .*\n\nOK\n$/);
  }, 150_000);

  describe('reads by itself', () => {
    const name = `checker-${randomUUID().slice(0, 8)}`;

    it('Kafka: every record with its key, bytes and headers', async () => {
      const connection = kafkaConnection({
        brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','),
        clientId: 'checker-test',
      });
      const admin = createLogAdmin(connection);
      const producer = await createLogProducer(connection);
      await admin.createTopics([{ name, partitions: 2, config: {} }], 1);
      const records = Array.from({ length: 3_000 }, (_, index) => ({
        topic: name,
        partition: index % 2,
        key: index === 0 ? null : `k${index}`,
        value: index === 1 ? null : Buffer.from([index % 256, 0, 255]),
        headers: { n: String(index) },
      }));
      const outcomes = await producer.sendAll(records);
      expect(outcomes.filter(({ kind }) => kind !== 'acked')).toEqual([]);
      await Promise.all([producer.stop(3_000), admin.stop()]);

      const read = python(
        `import json, sys
from wire_kafka import Cluster
cluster = Cluster(sys.argv[1])
ranges = {p: cluster.range_of(sys.argv[2], p) for p in sorted(cluster.leaders[sys.argv[2]])}
read = [r for p, (low, high) in ranges.items() for r in cluster.read(sys.argv[2], p, low, high)]
print(json.dumps([[r.partition, r.offset, r.key_text, r.value and r.value.hex(), r.headers['n'].decode()] for r in read]))`,
        process.env['KAFKA_BROKERS'] ?? '',
        name,
      );
      const sent = records.map(({ partition, key, value, headers }, index) => [
        partition,
        Math.floor(index / 2),
        key,
        value?.toString('hex') ?? null,
        headers.n,
      ]);
      expect(read).toEqual([
        ...sent.filter(([partition]) => partition === 0),
        ...sent.filter(([partition]) => partition === 1),
      ]);
    });

    it('Redis: strings, hashes and sets by pattern', async () => {
      const url = process.env['REDIS_URL'] ?? '';
      const redis = new Redis(url);
      await redis.set(`${name}:text`, 'é|1');
      await redis.hset(`${name}:hash`, { a: '1', b: '' });
      await redis.sadd(`${name}:set`, 'x');
      await redis.pexpire(`${name}:set`, 60_000);
      redis.disconnect();
      const read = python(
        `import json, sys
from wire_redis import Redis
server = Redis(sys.argv[1])
print(json.dumps({'dump': server.dump(sys.argv[2]), 'run_id': server.info('server')['run_id']}))`,
        url,
        `${name}:*`,
      );
      expect(read).toEqual({
        dump: {
          [`${name}:text`]: { type: 'string', value: 'é|1', pttl: -1 },
          [`${name}:hash`]: { type: 'hash', value: { a: '1', b: '' }, pttl: -1 },
          [`${name}:set`]: { type: 'set', value: ['x'], pttl: expect.any(Number) },
        },
        run_id: expect.stringMatching(/^[0-9a-f]{40}$/),
      });
    });

    it('PostgreSQL: numbers, text, bytes and nulls', async () => {
      const url = process.env['DATABASE_URL'] ?? '';
      const client = new Client({ connectionString: url });
      await client.connect();
      await client.query(`create schema "${name}"`);
      await client.query(`create table "${name}".t (a bigint, b text, c bytea, d boolean, e integer)`);
      await client.query(`insert into "${name}".t values (9007199254740993, 'é', '\\x00ff', true, null)`);
      const read = python(
        `import json, sys
from wire_postgres import Postgres
database = Postgres(sys.argv[1])
print(json.dumps([{k: str(v) if k == 'a' else v for k, v in row.items()} for row in database.query(sys.argv[2])]))`,
        url,
        `select * from "${name}".t`,
      );
      await client.query(`drop schema "${name}" cascade`);
      await client.end();
      expect(read).toEqual([{ a: '9007199254740993', b: 'é', c: 'AP8=', d: true, e: null }]);
    });
  });
});
