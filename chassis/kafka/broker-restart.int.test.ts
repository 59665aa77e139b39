import { startKafka } from '../../stack/kafka';
import type { RunningServer } from '../../stack/server-process';
import { eventually } from '../../tests/support/eventually';
import { privateServers } from '../../tests/support/private-servers';
import { createLogAdmin } from './admin';
import { kafkaConnection } from './connection';
import { createGroupConsumer } from './consumer';
import { createLogProducer } from './producer';
import { createLogReader } from './reader';

const deadlineMs = 1_000;

describe('a broker that goes away and comes back', () => {
  const own = privateServers();
  afterAll(() => own.remove());

  it('is found again by the producer, the consumer, the reader and the admin, and nothing acknowledged is lost', async () => {
    const place = own.place('kafka');
    const kafka: RunningServer = await own.keep(startKafka(place));
    const connection = kafkaConnection({ brokers: [kafka.url], clientId: 'restart-test' });
    const admin = createLogAdmin(connection);
    await admin.createTopics([{ name: 'orders', partitions: 2, config: {} }], 1);
    const producer = await createLogProducer(connection, { deadlineMs });
    const fatal: number[] = [];
    const seen = new Set<string>();
    const consumer = createGroupConsumer(connection, {
      groupId: 'restart',
      topics: ['orders'],
      onFatal: (code) => fatal.push(code),
      onRecords: async (records) => {
        for (const record of records) seen.add(String(record.value));
        return records.length;
      },
    });
    await consumer.start();
    const acked: string[] = [];
    const send = async (value: string): Promise<string> => {
      const outcome = await producer.send({ topic: 'orders', key: value, value: Buffer.from(value) });
      if (outcome.kind === 'acked') acked.push(value);
      return outcome.kind;
    };
    try {
      expect(await send('before')).toBe('acked');
      await eventually(() => expect(seen).toContain('before'));

      await kafka.stop();
      const startedMs = performance.now();
      expect(await send('away')).toMatch(/rejected|unknown/);
      expect(performance.now() - startedMs).toBeLessThan(deadlineMs + 1_000);
      await expect(admin.ping(1_000)).rejects.toThrow();

      await own.keep(startKafka({ ...place, port: kafka.port }));
      await eventually(async () => expect(await send('after')).toBe('acked'), { withinMs: 15_000 });
      await eventually(() => expect(seen).toContain('after'), { withinMs: 20_000 });
      await admin.ping(1_000);
      const read = new Set<string>();
      await createLogReader(connection).read({
        topic: 'orders',
        onRecords: (records) => records.forEach((record) => read.add(String(record.value))),
      });
      expect([...read]).toEqual(expect.arrayContaining(acked));
      expect(fatal).toEqual([]);
    } finally {
      await consumer.stop();
      await producer.stop(0);
      await admin.stop();
    }
  }, 120_000);
});
