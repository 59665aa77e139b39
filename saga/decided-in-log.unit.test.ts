import { InfrastructureError, type LogReader } from '../chassis/kafka/log';
import { MemoryLog } from '../chassis/kafka/memory-log';
import { silentLog } from '../chassis/log';
import type { DomainEvent } from '../schemas/events';
import { topics } from '../schemas/topics';
import { createDecidedInLog } from './decided-in-log';
import { KeyOffsets } from './key-offsets';
import type { Clock } from './ports';
import { createTokenCodec } from './simulation/token-codec';

const topic = topics.orderOutcomes.name;
const hour = 3_600_000;
const orderOf = (key: string, amount = 1) => ({ key, userId: 'ann', itemId: 'shoe', amount });
const soldOut = (key: string, epoch = 1): DomainEvent => ({
  type: 'OrderFailed',
  request_id: key,
  user_id: 'ann',
  item_id: 'shoe',
  amount: 1,
  epoch,
  reason: 'SOLD_OUT',
  failed_at: 1,
  detail: null,
});

/** Two partitions of outcomes; waits end at once and take their time of the clock. */
const bench = async (wrap: (reader: LogReader) => LogReader = (reader) => reader) => {
  let nowMs = 100 * hour;
  const clock: Clock = {
    nowMs: () => nowMs,
    pause: async (milliseconds, signal) => {
      await new Promise(setImmediate);
      if (!signal?.aborted) nowMs += milliseconds;
    },
  };
  const log = new MemoryLog(() => nowMs);
  await log.admin().createTopics([{ name: topic, partitions: 2, config: {} }], 1);
  const codec = createTokenCodec();
  const write = async (...events: readonly DomainEvent[]): Promise<void> => {
    for (const event of events) {
      const value = codec.encode(topic, event);
      const key = 'request_id' in event ? event.request_id : null;
      const places = key === null ? [{ partition: 0 }, { partition: 1 }] : [{}];
      for (const place of places) await log.producer().send({ topic, key, value, ...place });
    }
  };
  const reads: number[] = [];
  const reader = wrap(log.reader());
  const counting: LogReader = {
    read: ({ onRecords, ...options }) =>
      reader.read({
        ...options,
        onRecords: (records) => {
          reads.push(records.length);
          return onRecords(records);
        },
      }),
  };
  const over = new AbortController();
  const decidedInLog = createDecidedInLog(
    {
      reader: counting,
      admin: log.admin(),
      codec,
      clock,
      wallClockMs: () => nowMs,
      log: silentLog,
      answerAgeMaxMs: 12 * hour,
    },
    over.signal,
  );
  const ask = (...keys: readonly string[]) =>
    decidedInLog.lookUp(
      keys.map((key) => ({ key, order: orderOf(key) })),
      nowMs,
    );
  const wait = (milliseconds: number): void => {
    nowMs += milliseconds;
  };
  return { write, ask, wait, reads, over, decidedInLog, nowMs: () => nowMs };
};

afterEach(() => jest.restoreAllMocks());

test('the first valid outcome of a key decides it, and void ones do not count', async () => {
  const { write, ask, decidedInLog, nowMs } = await bench();
  await write(soldOut('a'), soldOut('a'), soldOut('late'));
  await write({ type: 'EpochStarted', epoch: 2, started_at: 1 }, soldOut('void', 1), soldOut('b', 2));
  const decided = { kind: 'decided', samePayload: true };
  const absent = { kind: 'absent', throughMs: nowMs() };
  expect(await ask('a', 'late', 'void', 'b', 'new')).toEqual([decided, decided, absent, decided, absent]);
  const other = { key: 'a', order: orderOf('a', 2) };
  const poison = { key: 'a', order: undefined };
  expect(await decidedInLog.lookUp([other, poison], nowMs())).toEqual([
    { kind: 'decided', samePayload: false },
    decided,
  ]);
});

test('keys that share a hash are told apart by their records', async () => {
  const { write, ask, nowMs } = await bench();
  const keys = Array.from({ length: 30 }, (_, at) => `r${at}`);
  await write(...keys.map((key) => soldOut(key)));
  jest.spyOn(KeyOffsets.prototype, 'of').mockReturnValue([0, 1]);
  expect(await ask('new')).toEqual([{ kind: 'absent', throughMs: nowMs() }]);
  const kinds = (await ask(...keys)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'decided')).toHaveLength(4);
  expect(kinds.filter((kind) => kind === 'absent')).toHaveLength(26);
});

test('once the log is read, a new key is known to be absent without a question, and a known one is not', async () => {
  const { write, ask, wait, decidedInLog, nowMs } = await bench();
  await write(soldOut('a'));
  expect(decidedInLog.absentThroughMs('new')).toBe(0);
  await ask('new');
  const askedAtMs = nowMs();
  wait(hour);
  expect(decidedInLog.absentThroughMs('new')).toBe(askedAtMs);
  expect(decidedInLog.absentThroughMs('a')).toBe(0);
});

test('an answer that is too old is read on, and only what is new', async () => {
  const { write, ask, wait, reads, nowMs } = await bench();
  await write(soldOut('a'), soldOut('b'));
  await ask('new');
  wait(13 * hour);
  await write(soldOut('c'));
  reads.length = 0;
  expect(await ask('new')).toEqual([{ kind: 'absent', throughMs: nowMs() }]);
  expect(reads).toEqual([1]);
});

test('a read that breaks off goes on where it ended', async () => {
  let breaks = true;
  const { write, ask, reads } = await bench((reader) => ({
    read: async (options) => {
      const ends = await reader.read(options);
      if (breaks) throw new InfrastructureError('the broker went away');
      return ends;
    },
  }));
  await write(soldOut('a'), soldOut('b'));
  await expect(ask('new')).rejects.toThrow('went away');
  breaks = false;
  reads.length = 0;
  await ask('new');
  expect(reads).toEqual([]);
});

test('whoever needs the log before it is read is told how far it is after 2 s, and the reading goes on', async () => {
  let finish: () => void = () => undefined;
  const hanging = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { write, ask } = await bench((reader) => ({
    read: async (options) => {
      await hanging;
      return reader.read(options);
    },
  }));
  await write(soldOut('a'));
  await expect(ask('a')).rejects.toThrow('the outcomes in the log are not read yet: 0 of 1');
  finish();
  expect(await ask('a')).toEqual([{ kind: 'decided', samePayload: true }]);
});

test('a chunk of old orders is answered in its order, as far as its time goes', async () => {
  const lasting = { isOn: false, wait: (_ms: number): void => undefined };
  const { write, ask, wait } = await bench((reader) => ({
    read: (options) => {
      if (lasting.isOn) lasting.wait(2_000);
      return reader.read(options);
    },
  }));
  lasting.wait = wait;
  const keys = Array.from({ length: 1_000 }, (_, at) => `r${at}`);
  await write(...keys.map((key) => soldOut(key)));
  await ask('new');
  lasting.isOn = true;
  const kinds = (await ask('r999', 'r0', 'r998')).map(({ kind }) => kind);
  expect(kinds[0]).toBe('decided');
  expect(kinds).toContain('unread');
});

test('reading begins by itself when the oldest outcome is half a horizon old, and not before', async () => {
  const { write, over, decidedInLog, nowMs } = await bench();
  await write(soldOut('a'));
  const beganAtMs = nowMs();
  const reading = decidedInLog.keepReading();
  for (let turn = 0; decidedInLog.progress().read === 0 && turn < 1_000; turn += 1) {
    await new Promise(setImmediate);
  }
  over.abort(new InfrastructureError('over'));
  await reading;
  expect(decidedInLog.progress()).toMatchObject({ read: 1, total: 1 });
  expect(nowMs() - beganAtMs).toBeGreaterThan(12 * hour);
});
