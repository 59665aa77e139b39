import { InfrastructureError, type LogRecord, type NewRecord, type SendOutcome } from '../chassis/kafka/log';
import { MemoryLog } from '../chassis/kafka/memory-log';
import { noTracing } from '../chassis/tracing';
import type { EventCodec } from '../schemas/codec';
import { toPostponedRecord } from '../schemas/postponed-order';
import { topics } from '../schemas/topics';
import type { Gate, Session } from './gate';
import { createOrderHandler } from './handle-orders';
import { observeNothing, type Observe } from './observe';
import type { ChargeOutcome, Payment } from './ports';
import { createTokenCodec } from './simulation/token-codec';
import { MemoryStock } from './stock/memory-stock';

const epoch = 0;
const poison = 'poison';
const hourMs = 3_600_000;

type Fault = 'rejected' | 'unknown' | undefined;

interface World {
  readonly payment?: Partial<Payment>;
  readonly codec?: Partial<EventCodec>;
  readonly onUnknownPayment?: 'resend' | 'hold';
}

/** A handler on a log, a store and a payment in memory; what is counted is told in its order. */
const bench = async (world: World = {}) => {
  let nowMs = 1_000;
  const log = new MemoryLog(() => nowMs);
  const faults = { of: (_record: NewRecord): Fault => undefined };
  const used = [topics.orderRequests, topics.orderOutcomes, topics.orderDlq, topics.paymentRetries];
  await log.admin().createTopics(
    used.map(({ name }) => ({ name, partitions: 1, config: {} })),
    1,
  );
  const connection = await new MemoryStock(() => nowMs).connect();
  const runId = await connection.serverRunId();
  await connection.close(epoch, runId);
  const stock = { total: 100, available: 100, reserved: 0, sold: 0, unitsMax: null };
  await connection.loadItems(epoch, [{ itemId: 'shoe', ...stock }], []);
  const startedEpochs = [{ epoch, startedAtMs: 1 }];
  await connection.open(epoch, runId, { adjusted: new Map(), startedEpochs, rememberedSinceMs: 0 });

  const counted: string[] = [];
  const observe: Observe = {
    ...observeNothing,
    unwritten: (topic, why) => counted.push(`${topic} ${why}`),
    paymentUnknown: (orderAgeMs) => counted.push(`unknown after ${orderAgeMs} ms`),
    chunk: (records, done) => counted.push(`${done} of ${records}`),
  };
  const session: Session = { connection, generation: { epoch, startedEpochs } };
  const gate = { session: () => Promise.resolve(session), suspect: () => undefined };
  const tokens = createTokenCodec();
  const approved = (): Promise<ChargeOutcome> => Promise.resolve({ kind: 'approved', paymentId: 'p' });
  const payment: Payment = {
    budgetEndMs: () => nowMs + 1_000,
    charge: approved,
    cancel: () => Promise.resolve('cancelled'),
    ...world.payment,
  };
  const producer = log.producer();
  const send = (record: NewRecord): Promise<SendOutcome> => {
    const kind = faults.of(record);
    return kind ? Promise.resolve({ kind, error: new Error('a scripted fault') }) : producer.send(record);
  };
  const sendAll = (records: readonly NewRecord[]): Promise<readonly SendOutcome[]> =>
    Promise.all(records.map(send));
  const handler = createOrderHandler({
    codec: { ...tokens, ...world.codec },
    producer: { ...producer, sendAll },
    fence: { newestClaim: () => Promise.resolve(epoch) },
    payment,
    decidedInLog: {
      lookUp: () => Promise.reject(new Error('nobody is unsure')),
      absentThroughMs: () => 0,
      keepReading: () => Promise.resolve(),
      progress: () => ({ read: 0, total: 0, bytes: 0 }),
    },
    catchUpWithStock: () => Promise.resolve(),
    sales: { catchUp: () => Promise.resolve(), isOff: () => false },
    clock: { nowMs: () => nowMs, pause: () => Promise.resolve() },
    memory: { horizonMs: 1e9, recordTtlMs: 2e9 },
    atStep: () => undefined,
    observe,
    tracing: noTracing,
    wallClockMs: () => nowMs + 7_000,
    paymentGiveUpMs: 24 * hourMs,
    onUnknownPayment: world.onUnknownPayment ?? 'resend',
    gate: gate as unknown as Gate,
  });
  /** `a` is an order under the key a for one unit, `a*2` one for two. */
  const request = (text: string, offset: number): LogRecord => {
    const [key = '', amount = 1] = text.split('*');
    const value =
      key === poison
        ? Buffer.from(poison)
        : tokens.encode('order-requests', {
            type: 'OrderRequested',
            request_id: key,
            user_id: 'ann',
            item_id: 'shoe',
            amount: Number(amount),
            requested_at: 1,
            sales_channel: null,
          });
    const place = { topic: topics.orderRequests.name, partition: 0, offset };
    return { ...place, key: Buffer.from(key), value, headers: {}, appendedAtMs: nowMs };
  };
  const handle = (orders: readonly string[], signal = new AbortController().signal): Promise<number> =>
    handler(orders.map(request), signal);
  /** What waits in payment-retries: its newest record, as its consumer gets it. */
  const retry = (): Promise<number> =>
    handler(log.records(topics.paymentRetries.name).slice(-1), new AbortController().signal);
  const park = (order: string): Promise<SendOutcome> => producer.send(toPostponedRecord(request(order, 0)));
  const pass = (milliseconds: number): void => void (nowMs += milliseconds);
  const keysIn = (topic: string): readonly string[] =>
    log.records(topic).map(({ key }) => key?.toString() ?? '');
  return { faults, gate, counted, handle, retry, park, pass, keysIn };
};

describe('a chunk of which nothing could be done', () => {
  it('says which topic did not take a record, and why', async () => {
    const { faults, counted, handle } = await bench();
    faults.of = () => 'unknown';
    await expect(handle(['a'])).rejects.toThrow(
      'order-outcomes did not take a record (unknown): a scripted fault',
    );
    expect(counted).toEqual([...Array<string>(3).fill('order-outcomes unknown'), '0 of 1']);
  });

  it('says so of a letter, and of an order that cannot be moved to payment-retries', async () => {
    const charge = (): Promise<ChargeOutcome> => Promise.resolve({ kind: 'unknown' });
    const { faults, handle } = await bench({ payment: { charge } });
    faults.of = () => 'rejected';
    await expect(handle([poison])).rejects.toThrow('order-dlq did not take a record');
    await expect(handle(['a'])).rejects.toThrow('payment-retries did not take a record');
  });

  it('says that the payment provider answers nobody, and that the store is closed', async () => {
    const charge = (): Promise<ChargeOutcome> => Promise.resolve({ kind: 'unknown' });
    const { gate, handle } = await bench({ payment: { charge }, onUnknownPayment: 'hold' });
    await expect(handle(['a', 'b'])).rejects.toThrow('the payment provider answers for none of 2 orders');
    gate.session = () => Promise.reject(new InfrastructureError('the stock store is not open'));
    await expect(handle(['a'])).rejects.toThrow('the stock store is not open');
  });
});

describe('an outcome of which no event can be made', () => {
  it('holds its own order and is named, while the others get theirs', async () => {
    const encode = (_topic: string, { request_id }: { readonly request_id?: string }): Buffer => {
      if (request_id === 'odd') throw new TypeError('OrderCompleted.payment_id must be a line');
      return Buffer.from('event');
    };
    const { counted, handle, keysIn } = await bench({ codec: { encode } as Partial<EventCodec> });
    expect(await handle(['a', 'odd', 'b'])).toBe(1);
    expect(keysIn('order-outcomes')).toEqual(['a', 'b']);
    expect(counted).toContain('order-outcomes unencodable');
    await expect(handle(['odd', 'b'])).rejects.toThrow(
      'the outcome of order-requests:0:0 cannot be written: OrderCompleted.payment_id must be a line',
    );
  });
});

describe('a store that closes in the middle of a call', () => {
  it('does not take back what the call has done', async () => {
    const { faults, gate, counted, handle } = await bench();
    const open = gate.session;
    let rounds = 0;
    gate.session = () => {
      rounds += 1;
      return rounds === 1 ? open() : Promise.reject(new InfrastructureError('the stock store is not open'));
    };
    faults.of = ({ key }) => (key === 'b' ? 'unknown' : undefined);
    expect(await handle(['a', 'b'])).toBe(1);
    expect(counted).toEqual(['order-outcomes unknown', '1 of 2']);
  });
});

describe('an order whose payment stays unknown', () => {
  const charge = (): Promise<ChargeOutcome> => Promise.resolve({ kind: 'unknown' });

  it('is told with its age, whether it is moved or held', async () => {
    const moving = await bench({ payment: { charge } });
    expect(await moving.handle(['a'])).toBe(1);
    expect(moving.counted).toEqual(['unknown after 7000 ms', '1 of 1']);
    const holding = await bench({ payment: { charge }, onUnknownPayment: 'hold' });
    await expect(holding.handle(['a'])).rejects.toThrow(InfrastructureError);
    expect(holding.counted).toEqual([...Array<string>(3).fill('unknown after 7000 ms'), '0 of 1']);
  });

  it('is refused a day after its request, with its charge cancelled before', async () => {
    const cancelled: string[] = [];
    const cancel: Payment['cancel'] = (key) => {
      cancelled.push(key);
      return Promise.resolve(cancelled.length < 2 ? 'unknown' : 'cancelled');
    };
    const { handle, retry, pass, keysIn } = await bench({ payment: { charge, cancel } });
    await handle(['a']);
    pass(23 * hourMs);
    for (let attempt = 0; attempt < 2; attempt += 1) expect(await retry()).toBe(1);
    pass(hourMs);
    /** Its newest place in the log is 23 hours old in the eyes of the brokers. */
    expect(await retry()).toBe(1);
    expect([keysIn('payment-retries').length, keysIn('order-outcomes'), cancelled]).toEqual([4, [], []]);
    expect(await retry()).toBe(1);
    expect([keysIn('order-outcomes'), cancelled]).toEqual([[], ['a:0']]);
    expect(await retry()).toBe(1);
    expect([keysIn('order-outcomes'), cancelled]).toEqual([['a'], ['a:0', 'a:0']]);
  });

  it('is written anew once an hour while the provider answers nobody, so that it comes of age', async () => {
    const holding = { payment: { charge }, onUnknownPayment: 'hold' } as const;
    const { retry, park, pass, keysIn } = await bench(holding);
    await park('a');
    for (let hours = 0; hours < 24; hours += 1) {
      await expect(retry()).rejects.toThrow('the payment provider answers for none of 1 orders');
      pass(hourMs);
      expect(await retry()).toBe(1);
    }
    expect([keysIn('payment-retries').length, keysIn('order-outcomes')]).toEqual([25, []]);
    expect(await retry()).toBe(1);
    expect([keysIn('payment-retries').length, keysIn('order-outcomes')]).toEqual([25, ['a']]);
  });
});

describe('a call that is told to stop', () => {
  it('finishes what is charged, begins no payment, and moves no order to payment-retries', async () => {
    const stop = new AbortController();
    const charged: string[] = [];
    const charge: Payment['charge'] = async (_key, { key }, { signal }) => {
      if (signal?.aborted === true) return { kind: 'unknown' };
      charged.push(key);
      if (key === 'b') stop.abort();
      await Promise.resolve();
      return { kind: 'approved', paymentId: 'p' };
    };
    const { handle, keysIn } = await bench({ payment: { charge } });
    expect(await handle(['a', 'b', 'c', 'd'], stop.signal)).toBe(2);
    expect(charged).toEqual(['a', 'b']);
    expect(keysIn('order-outcomes')).toEqual(['a', 'b']);
    expect(keysIn('payment-retries')).toEqual([]);
  });
});

describe('a letter', () => {
  it('is written once, however often its record is handed over behind an order that waits', async () => {
    const { faults, handle, keysIn } = await bench();
    faults.of = ({ topic, key }) => (topic === 'order-outcomes' && key === 'a' ? 'rejected' : undefined);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(handle(['a', poison, 'b', 'b*2'])).rejects.toThrow(InfrastructureError);
    }
    expect(keysIn('order-dlq')).toEqual([poison, 'b']);
    faults.of = () => undefined;
    expect(await handle(['a', poison, 'b', 'b*2'])).toBe(4);
    expect(keysIn('order-dlq')).toEqual([poison, 'b']);
  });

  it('is written again until the topic has taken it', async () => {
    const { faults, handle, keysIn } = await bench();
    faults.of = () => 'rejected';
    await expect(handle([poison])).rejects.toThrow(InfrastructureError);
    faults.of = () => undefined;
    expect(await handle([poison])).toBe(1);
    expect(keysIn('order-dlq')).toEqual([poison]);
  });
});
