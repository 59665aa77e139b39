import { InfrastructureError, type LogRecord } from '../chassis/kafka/log';
import { MemoryLog } from '../chassis/kafka/memory-log';
import { noTracing } from '../chassis/tracing';
import { topics } from '../schemas/topics';
import type { DecidedInLog } from './decided-in-log';
import { createOrderHandler, type OrderHandlerParts } from './handle-orders';
import { observeNothing } from './observe';
import type { Clock } from './ports';
import { createTokenCodec } from './simulation/token-codec';
import { createStockCatchUp } from './stock-catch-up';
import { MemoryStock } from './stock/memory-stock';

const epoch = 1;
const hour = 3_600_000;
const codec = createTokenCodec();
const generation = { epoch, startedEpochs: [{ epoch, startedAtMs: 0 }] };

/** A store with shoes, opened at this epoch; time goes on when somebody waits. */
const bench = async (options: {
  readonly rememberedSinceMs: number;
  readonly lookUp: DecidedInLog['lookUp'];
}) => {
  let nowMs = 100 * hour;
  const clock: Clock = {
    nowMs: () => nowMs,
    pause: async (milliseconds) => {
      nowMs += milliseconds;
    },
  };
  const log = new MemoryLog(() => nowMs);
  const settings = [topics.orderOutcomes, topics.stockAdjustments].map(({ name }) => ({
    name,
    partitions: 1,
    config: {},
  }));
  await log.admin().createTopics(settings, 1);
  const connection = await new MemoryStock(() => nowMs).connect();
  const runId = await connection.serverRunId();
  await connection.close(epoch, runId);
  const shoes = { itemId: 'shoe', total: 9, available: 9, reserved: 0, sold: 0, unitsMax: null };
  await connection.loadItems(epoch, [shoes], []);
  const { rememberedSinceMs } = options;
  await connection.open(epoch, runId, { adjusted: new Map(), startedEpochs: [], rememberedSinceMs });
  let suspicions = 0;
  const handle = createOrderHandler({
    codec,
    clock,
    producer: log.producer(),
    fence: { newestClaim: () => Promise.resolve(epoch) },
    gate: {
      session: () => Promise.resolve({ connection, generation }),
      suspect: () => {
        suspicions += 1;
      },
    },
    payment: {
      budgetEndMs: () => nowMs + 10_000,
      charge: () => Promise.resolve({ kind: 'approved', paymentId: 'p' }),
      cancel: () => Promise.resolve('cancelled'),
    },
    decidedInLog: { lookUp: options.lookUp, absentThroughMs: () => 0 },
    catchUpWithStock: createStockCatchUp(log.admin(), clock),
    sales: { catchUp: () => Promise.resolve(), isOff: () => false },
    memory: { horizonMs: 24 * hour, recordTtlMs: 48 * hour },
    observe: observeNothing,
    tracing: noTracing,
    atStep: () => undefined,
    wallClockMs: () => nowMs,
    onUnknownPayment: 'resend',
  } as unknown as OrderHandlerParts);
  const sold = (): readonly string[] => log.records(topics.orderOutcomes.name).map(({ key }) => String(key));
  return { log, handle, sold, suspicions: () => suspicions, nowMs: () => nowMs };
};

const request = (key: string, itemId: string, offset: number, appendedAtMs: number): LogRecord => {
  const topic = topics.orderRequests.name;
  const value = codec.encode(topic, {
    type: 'OrderRequested',
    request_id: key,
    user_id: 'ann',
    item_id: itemId,
    amount: 1,
    requested_at: 1,
    sales_channel: null,
  });
  return { topic, partition: 0, offset, key: Buffer.from(key), value, headers: {}, appendedAtMs };
};

const { signal } = new AbortController();
const absent: DecidedInLog['lookUp'] = (asked, throughMs) =>
  Promise.resolve(asked.map(() => ({ kind: 'absent', throughMs })));

test('orders are sold while one of an unknown item waits for stock that nobody applies, and the store is not blamed', async () => {
  const { log, handle, sold, suspicions, nowMs } = await bench({
    rememberedSinceMs: 90 * hour,
    lookUp: absent,
  });
  const unapplied = { topic: topics.stockAdjustments.name, key: 'hat', value: Buffer.from('?') };
  await log.producer().send(unapplied);
  const chunk = ['shoe', 'nope', 'shoe'].map((item, at) => request(`r${at}`, item, at, nowMs()));
  expect(await handle(chunk, signal)).toBe(1);
  expect(sold()).toEqual(['r0', 'r2']);
  await expect(handle(chunk.slice(1), signal)).rejects.toThrow('are not applied yet');
  expect(sold()).toEqual(['r0', 'r2']);
  expect(suspicions()).toBe(0);
});

test('orders whose records the store remembers go on while the log cannot say what it has forgotten', async () => {
  const trouble = new InfrastructureError('the outcomes are not read yet');
  let isRead = false;
  const { handle, sold, suspicions, nowMs } = await bench({
    rememberedSinceMs: 1,
    lookUp: (asked, storeNowMs) => (isRead ? absent(asked, storeNowMs) : Promise.reject(trouble)),
  });
  const chunk = [request('r0', 'shoe', 0, nowMs())];
  await expect(handle(chunk, signal)).rejects.toThrow(trouble);
  isRead = true;
  expect(await handle(chunk, signal)).toBe(1);
  expect(sold()).toEqual(['r0']);
  expect(suspicions()).toBe(0);
});
