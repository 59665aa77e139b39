import { defaultTiming } from './consumer-timing';
import { InfrastructureError, type LogRecord, type RecordsHandler } from './log';
import { PartitionLane } from './partition-lane';

const place = { topic: 'orders', partition: 3 };

const recordsFrom = (offset: number, count: number): LogRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    ...place,
    offset: offset + index,
    key: null,
    value: null,
    headers: {},
    appendedAtMs: Date.now(),
  }));

/** A lane that begins at offset 0. */
const scene = (onRecords: RecordsHandler) => {
  const lines: string[] = [];
  const say = (message: string): void => void lines.push(message);
  const over = new AbortController();
  const lane = new PartitionLane(place, {
    onRecords,
    recordsMax: 500,
    timing: defaultTiming,
    logger: { debug: say, info: say, warn: say, error: say },
    signal: over.signal,
    isTrusted: () => true,
    onHungry: () => undefined,
    onBug: (error) => {
      throw error;
    },
  });
  return { lane, lines, over };
};

describe('a partition’s lane', () => {
  beforeEach(() => jest.useFakeTimers({ now: 0 }));
  afterEach(() => jest.useRealTimers());

  it('says each minute that it waits for infrastructure, and when it no longer does', async () => {
    let isAway = true;
    const { lane, lines, over } = scene((records) =>
      isAway ? Promise.reject(new InfrastructureError('away')) : Promise.resolve(records.length),
    );
    void lane.run(0, 0);
    lane.accept(recordsFrom(0, 1), 1);
    await jest.advanceTimersByTimeAsync(130_000);
    const waits = 'partition waits for infrastructure';
    expect(lines).toEqual([waits, waits, waits]);
    isAway = false;
    await jest.advanceTimersByTimeAsync(10_000);
    expect(lines.slice(3)).toEqual([`over: ${waits}`]);
    over.abort();
  });
});
