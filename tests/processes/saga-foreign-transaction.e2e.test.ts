import { Kafka, logLevel } from 'kafkajs';
import { partitionOf } from '../../chassis/kafka/partitioner';
import { readDeadLetter } from '../../schemas/dead-letter';
import { topics } from '../../schemas/topics';
import { eventually } from '../support/eventually';
import { startSagaSale, untilDecided, type SagaSale } from './saga-sale';

const topic = topics.orderRequests.name;
const partition = 3;
const keys = Array.from({ length: 400 }, (_, index) => `order-${index}`).filter(
  (key) => partitionOf(key, 8) === partition,
);

let sale: SagaSale;
beforeAll(async () => {
  sale = await startSagaSale({ PAYMENT_DECLINE_RATE: '0' });
}, 120_000);
afterAll(() => sale.remove(), 60_000);

/** What a producer with transactions leaves behind although it gave up: its record, and a marker after it. */
const abortTransaction = async (): Promise<void> => {
  const kafka = new Kafka({
    brokers: sale.brokers.split(','),
    clientId: 'foreign',
    logLevel: logLevel.NOTHING,
  });
  const producer = kafka.producer({ transactionalId: 'foreign', idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: [{ key: 'foreign', value: 'no order', partition }] });
  await transaction.abort();
  await producer.disconnect();
  // The coordinator answers before the marker is in the partition.
  await eventually(async () => expect((await sale.partitions(topic))[partition]?.at(-1)?.value).toBeNull());
};

it('orders behind the marker of a foreign transaction are decided, and the marker is a dead letter', async () => {
  await sale.stock('shoe', 1_000);
  const buy = (wanted: readonly string[]) => sale.buy(...wanted.map((key) => ({ key, itemId: 'shoe' })));
  await buy(keys.slice(0, 10));
  await abortTransaction();
  await buy(keys.slice(10));
  const saga = await sale.startSaga();

  await untilDecided(sale, [...keys, 'foreign'], 60_000);
  const outcomes = await sale.outcomes();
  expect(keys.filter((key) => outcomes.get(key) !== 'COMPLETED')).toEqual([]);
  expect(outcomes.get('foreign')).toBe('UNPROCESSABLE');
  const letters = (await sale.partitions(topics.orderDlq.name)).flat().map((letter) => {
    const { reason, source } = readDeadLetter(letter);
    return [source.offset, source.partition, String(letter.key), reason];
  });
  expect(new Set(letters)).toEqual(
    new Set([
      [10, partition, 'foreign', 'NOT_FRAMED'],
      [11, partition, 'null', 'NULL_VALUE'],
    ]),
  );
  await eventually(async () => expect(await sale.violations()).toEqual([]));
  expect((await fetch(`${saga.url}/livez`)).status).toBe(200);
}, 120_000);
