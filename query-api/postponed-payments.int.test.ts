import { randomUUID } from 'node:crypto';
import { createLogAdmin } from '../chassis/kafka/admin';
import { kafkaConnection } from '../chassis/kafka/connection';
import type { LogRecord } from '../chassis/kafka/log';
import { createLogProducer } from '../chassis/kafka/producer';
import { createLogReader } from '../chassis/kafka/reader';
import { toPostponedRecord } from '../schemas/postponed-order';
import { topics } from '../schemas/topics';
import { postponedPayments } from './postponed-payments';

const connection = kafkaConnection({
  brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','),
  clientId: 'postponed-payments-test',
});
const admin = createLogAdmin(connection);
afterAll(() => admin.stop());

const request = (key: string): LogRecord => ({
  topic: topics.orderRequests.name,
  partition: 0,
  offset: 0,
  key: Buffer.from(key),
  value: Buffer.from('an order'),
  headers: {},
  appendedAtMs: 1_000,
});

/** Parks an order as often as the saga would, and returns when the broker took the last record, at the earliest. */
const park = async (key: string, times: number): Promise<number> => {
  const producer = await createLogProducer(connection, { deadlineMs: 10_000 });
  let record = request(key);
  const sinceMs = Date.now();
  for (let time = 0; time < times; time += 1) {
    const parked = toPostponedRecord(record);
    const outcome = await producer.send(parked);
    if (outcome.kind !== 'acked') throw outcome.error;
    record = {
      ...record,
      topic: topics.paymentRetries.name,
      headers: parked.headers as LogRecord['headers'],
    };
  }
  await producer.stop(1_000);
  return sinceMs;
};

describe('orders whose payment nobody knows', () => {
  it('are found with how often they were tried, by their newest record', async () => {
    const [thrice, once, never] = [`a-${randomUUID()}`, `b-${randomUUID()}`, `c-${randomUUID()}`];
    const sinceMs = await park(thrice, 3);
    await park(once, 1);
    const found = await postponedPayments(admin, createLogReader(connection))(new Set([thrice, never]));
    expect(Object.fromEntries(found)).toEqual({
      [thrice]: { attempts: 3, parkedAtMs: expect.any(Number) as number },
    });
    expect(found.get(thrice)?.parkedAtMs).toBeGreaterThanOrEqual(sinceMs - 1_000);
  });

  it('are not waited for when Kafka does not answer', async () => {
    const read = new Promise<never>(() => undefined);
    const silent = postponedPayments({ ranges: () => read }, { read: () => read });
    expect(await silent(new Set(['x']))).toEqual(new Map());
  });
});
