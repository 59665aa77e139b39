import type { NewRecord, SendOutcome } from './log';
import { type Openings, SendQueue } from './send-queue';
import { estimateBytes } from './wire/record-batch-writer';

const limits = { recordsMax: 100, bytesMax: 10_000 };
const known = (each: NewRecord) => ({ bytes: estimateBytes(each), nowMs: 0, deadlineMs: 1_000 });
const record = (topic: string, key: string, more: Partial<NewRecord> = {}): NewRecord => ({
  topic,
  partition: 0,
  key,
  value: null,
  ...more,
});

/** Records that were queued a millisecond after each other. */
const queueOf = (records: readonly NewRecord[]) => {
  const queue = new SendQueue();
  const outcomes = new Map<string, SendOutcome['kind']>();
  records.forEach((each, index) =>
    queue.add(each, { ...known(each), nowMs: index }, ({ kind }) => outcomes.set(String(each.key), kind)),
  );
  return { queue, outcomes };
};

/** No partition is closed. */
const to = (leadersOf: Openings['leadersOf']): Openings => ({ leadersOf, isOpen: () => true });

const keysOf = (batches: ReturnType<SendQueue['take']>) =>
  batches.map(({ topic, partition, records }) => [`${topic}:${partition}`, records.map((each) => each.key)]);

describe('the send queue', () => {
  it('takes the oldest records by partition, up to the limits', () => {
    const { queue } = queueOf([
      record('t', 'a'),
      record('t', 'b', { partition: 1 }),
      record('t', 'c'),
      record('t', 'd'),
    ]);
    expect(
      keysOf(
        queue.take(
          to(() => [1, 1]),
          { ...limits, recordsMax: 3 },
        ),
      ),
    ).toEqual([
      ['t:0', ['a', 'c']],
      ['t:1', ['b']],
    ]);
    expect([queue.waiting, queue.records]).toEqual([1, 4]);
  });

  it('takes one record even when it alone exceeds the bytes', () => {
    const value = Buffer.alloc(500);
    const { queue } = queueOf([record('t', 'a', { value }), record('t', 'b', { value })]);
    expect(
      keysOf(
        queue.take(
          to(() => [1]),
          { recordsMax: 9, bytesMax: 100 },
        ),
      ),
    ).toEqual([['t:0', ['a']]]);
  });

  it('leaves what has no leader in its order, and what is behind it goes', () => {
    const { queue } = queueOf([
      record('x', 'a'),
      record('t', 'b'),
      record('t', 'c', { partition: 1 }),
      record('x', 'd'),
    ]);
    const leaders = (topic: string) => (topic === 't' ? [1, undefined] : undefined);
    const batches = queue.take(to(leaders), limits);
    expect(keysOf(batches)).toEqual([['t:0', ['b']]]);
    queue.giveBack(batches);
    expect(
      keysOf(
        queue.take(
          to(() => [1, 1]),
          limits,
        ),
      ),
    ).toEqual([
      ['x:0', ['a', 'd']],
      ['t:0', ['b']],
      ['t:1', ['c']],
    ]);
  });

  it('knows the deadline of an old record without a leader while a younger one is in flight', () => {
    const { queue, outcomes } = queueOf([record('x', 'old'), record('t', 'young')]);
    const leaders = (topic: string) => (topic === 't' ? [1] : undefined);
    queue.take(to(leaders), limits);
    expect(queue.oldest()?.key).toBe('old');
    queue.expire(1_000, 'late');
    expect(Object.fromEntries(outcomes)).toEqual({ old: 'rejected' });
    expect(queue.oldest()?.key).toBe('young');
  });

  it('knows it as well when the younger one is to be sent again', () => {
    const { queue, outcomes } = queueOf([record('x', 'old'), record('t', 'young'), record('x', 'other')]);
    queue.giveBack(
      queue.take(
        to((topic) => (topic === 't' ? [1] : undefined)),
        limits,
      ),
    );
    expect(queue.oldest()?.key).toBe('old');
    queue.expire(1_000, 'late');
    expect(Object.fromEntries(outcomes)).toEqual({ old: 'rejected' });
    expect(
      keysOf(
        queue.take(
          to(() => [1]),
          limits,
        ),
      ),
    ).toEqual([
      ['t:0', ['young']],
      ['x:0', ['other']],
    ]);
  });

  it('puts records that are sent again before younger ones', () => {
    const { queue, outcomes } = queueOf([record('t', 'a'), record('t', 'b')]);
    const batches = queue.take(
      to(() => [1]),
      limits,
    );
    const late = record('t', 'c');
    queue.add(late, { ...known(late), nowMs: 2 }, () => undefined);
    const [first] = batches[0]?.records ?? [];
    if (first) queue.settle(first, { kind: 'acked', partition: 0, offset: 0, appendedAtMs: 0 });
    queue.giveBack(batches);
    expect(
      keysOf(
        queue.take(
          to(() => [1]),
          limits,
        ),
      ),
    ).toEqual([['t:0', ['b', 'c']]]);
    expect(Object.fromEntries(outcomes)).toEqual({ a: 'acked' });
  });

  it('keeps a keyless record in the partition first chosen for it', () => {
    const { queue } = queueOf([record('t', 'a', { key: null, partition: undefined as never })]);
    const firstTake = queue.take(
      to(() => [1, 1, 1]),
      limits,
    );
    const [first] = firstTake;
    queue.giveBack(firstTake);
    const [second] = queue.take(
      to(() => [1, 1, 1]),
      limits,
    );
    expect(second?.partition).toBe(first?.partition);
  });

  it('calls what was sent unknown and what was not rejected when time is up', () => {
    const { queue, outcomes } = queueOf([record('t', 'flying'), record('x', 'waiting')]);
    queue.take(
      to((topic) => (topic === 't' ? [1] : undefined)),
      limits,
    );
    queue.expire(999, 'late');
    expect(outcomes.size).toBe(0);
    queue.expire(1_001, 'late');
    expect(Object.fromEntries(outcomes)).toEqual({ flying: 'unknown', waiting: 'rejected' });
    expect([queue.records, queue.bytes, [...queue.topics()]]).toEqual([0, 0, []]);
  });

  it('calls a record unknown that was sent once and waits again', () => {
    const { queue, outcomes } = queueOf([record('t', 'a')]);
    const batches = queue.take(
      to(() => [1]),
      limits,
    );
    for (const each of batches[0]?.records ?? []) each.maybeWritten = true;
    queue.giveBack(batches);
    queue.expire(Number.POSITIVE_INFINITY, 'stopped');
    expect(outcomes.get('a')).toBe('unknown');
  });

  it('leaves what is not open, and what follows something in flight to the same partition', () => {
    const { queue } = queueOf([record('t', 'a'), record('t', 'b', { partition: 1 })]);
    const isOpen = (name: string, leader: number): boolean => name === 't:0' && leader === 1;
    const inFlight = queue.take({ leadersOf: () => [1, 1], isOpen }, limits);
    expect(keysOf(inFlight)).toEqual([['t:0', ['a']]]);
    const behind = record('t', 'c');
    queue.add(behind, { ...known(behind), nowMs: 2 }, () => undefined);
    const others = queue.take(
      to(() => [2, 1]),
      limits,
    );
    expect(keysOf(others)).toEqual([['t:1', ['b']]]);
    queue.giveBack(inFlight);
    expect(
      keysOf(
        queue.take(
          to(() => [2, 1]),
          limits,
        ),
      ),
    ).toEqual([['t:0', ['a', 'c']]]);
    expect(queue.oldest()?.key).toBe('a');
  });
});
