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
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

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

  const { stallMs } = defaultTiming;
  const doAll: RecordsHandler = (records) => Promise.resolve(records.length);

  it('that fetches answer is neither untold nor stalled, however long nothing is written', async () => {
    const { lane, over } = scene(doAll);
    void lane.run(0, 0);
    for (let passed = 0; passed < 2 * stallMs; passed += 500) {
      lane.accept([], 0);
      expect(lane.isUntold || lane.isStalled()).toBe(false);
      await jest.advanceTimersByTimeAsync(500);
    }
    lane.accept(recordsFrom(0, 2), 2);
    await jest.advanceTimersByTimeAsync(stallMs + 1);
    expect(lane.isStalled()).toBe(false);
    expect(lane.lag()).toMatchObject({ records: 0, milliseconds: 0 });
    over.abort();
  });

  it('that no fetch answers asks for the end, lags by what is there, and stalls when that does not come', async () => {
    const { lane, over } = scene(doAll);
    void lane.run(0, 0);
    await jest.advanceTimersByTimeAsync(2 * stallMs);
    expect(lane.isUntold).toBe(true);
    expect(lane.isStalled()).toBe(false);
    lane.noteEnd(7);
    await jest.advanceTimersByTimeAsync(stallMs);
    expect(lane.lag()).toMatchObject({ records: 7, milliseconds: stallMs });
    expect(lane.isStalled()).toBe(false);
    lane.noteEnd(9);
    await jest.advanceTimersByTimeAsync(1);
    expect(lane.isStalled()).toBe(true);
    lane.accept(recordsFrom(0, 9), 9);
    await jest.advanceTimersByTimeAsync(1);
    expect(lane.isStalled()).toBe(false);
    expect(lane.lag()).toMatchObject({ records: 0, milliseconds: 0 });
    over.abort();
  });

  it('does not stall while the brokers do not say where it ends, but its lag grows', async () => {
    const { lane, over } = scene(doAll);
    void lane.run(0, 5);
    for (let passed = 0; passed < 2 * stallMs; passed += 1_000) {
      lane.noteUnreachable();
      await jest.advanceTimersByTimeAsync(1_000);
    }
    expect(lane.isStalled()).toBe(false);
    expect(lane.lag()).toMatchObject({ records: 5, milliseconds: 2 * stallMs });
    await jest.advanceTimersByTimeAsync(stallMs);
    expect(lane.isStalled()).toBe(true);
    over.abort();
  });

  it('stalls although the brokers are away when its handler is what hangs', async () => {
    const { lane, over } = scene(() => new Promise(() => undefined));
    void lane.run(0, 0);
    lane.accept(recordsFrom(0, 1), 1);
    await jest.advanceTimersByTimeAsync(stallMs + 1);
    lane.noteUnreachable();
    expect(lane.isStalled()).toBe(true);
    over.abort();
  });

  it('gives its handler all of the stall time after a wait that is not its own', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(1);
    let rounds = 0;
    const { lane, over } = scene(async (_records, signal, noteProgress) => {
      rounds += 1;
      if (rounds < 9) throw new InfrastructureError('away');
      await new Promise((resolve) => setTimeout(resolve, stallMs - 1_000));
      noteProgress?.();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return 0;
    });
    void lane.run(0, 0);
    lane.accept(recordsFrom(0, 1), 1);
    while (rounds < 9) await jest.advanceTimersByTimeAsync(100);
    for (let passed = 0; passed < 2 * stallMs - 1_200; passed += 100) {
      expect(lane.isStalled()).toBe(false);
      await jest.advanceTimersByTimeAsync(100);
    }
    await jest.advanceTimersByTimeAsync(400);
    expect(lane.isStalled()).toBe(true);
    over.abort();
  });
});
