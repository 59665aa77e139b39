import { DeadlineError } from '../chassis/deadline';
import { BatchQueue, QueueFullError } from './batch-queue';

const bounds = { batchMax: 128, waitingMax: 8_192, answerWithinMs: 500, everyMs: 2, company: () => 64 };

/** What became of each item, and when, in milliseconds since the test began. */
interface Ending {
  readonly kind: 'answered' | 'late' | 'failed';
  readonly atMs: number;
}

const add = (queue: BatchQueue<number, number>, endings: Ending[], item = 0): void => {
  queue.add(item).then(
    () => endings.push({ kind: 'answered', atMs: performance.now() }),
    (error: unknown) =>
      endings.push({ kind: error instanceof DeadlineError ? 'late' : 'failed', atMs: performance.now() }),
  );
};

describe('a queue of batches', () => {
  beforeEach(() => jest.useFakeTimers({ now: 0 }));
  afterEach(() => jest.useRealTimers());

  /** A server that takes `tookMs` for every batch. */
  const slow = (tookMs: number, sizes: number[] = []) =>
    new BatchQueue<number, number>(async (items) => {
      sizes.push(items.length);
      await new Promise((resolve) => setTimeout(resolve, tookMs));
      return items;
    }, bounds);

  it('sends what comes while a batch is under way as the next one', async () => {
    const sizes: number[] = [];
    const queue = slow(10, sizes);
    const endings: Ending[] = [];
    add(queue, endings);
    await jest.advanceTimersByTimeAsync(5);
    for (let at = 0; at < 7; at += 1) add(queue, endings);
    await jest.advanceTimersByTimeAsync(100);
    expect(sizes).toEqual([1, 7]);
    expect(endings.map(({ kind }) => kind)).toEqual(Array(8).fill('answered'));
  });

  it('sends what comes alone at once, and what comes right behind it together', async () => {
    const begins: [number, number][] = [];
    const queue = new BatchQueue<number, number>(async (items) => {
      begins.push([performance.now(), items.length]);
      return items;
    }, bounds);
    void queue.add(1);
    await jest.advanceTimersByTimeAsync(0);
    void queue.add(2);
    await jest.advanceTimersByTimeAsync(1);
    void queue.add(3);
    await jest.advanceTimersByTimeAsync(10);
    void queue.add(4);
    await jest.advanceTimersByTimeAsync(0);
    expect(begins).toEqual([
      [0, 1],
      [2, 2],
      [11, 1],
    ]);
  });

  it('begins together with the queue it leads, before it, and never a second batch beside one under way', async () => {
    const begins: [string, number, number][] = [];
    const named = (name: string, tookMs: number): BatchQueue<number, number> =>
      new BatchQueue<number, number>(async (items) => {
        begins.push([name, performance.now(), items.length]);
        await new Promise((resolve) => setTimeout(resolve, tookMs));
        return items;
      }, bounds);
    const quick = named('quick', 1);
    const slower = named('slower', 10);
    quick.lead(slower);
    void quick.add(1);
    await jest.advanceTimersByTimeAsync(1);
    void quick.add(2); // alone it would begin at 2
    void slower.add(1);
    await jest.advanceTimersByTimeAsync(4);
    void slower.add(2); // behind its first batch, until 11
    void quick.add(3);
    await jest.advanceTimersByTimeAsync(5);
    expect(begins).toEqual([
      ['quick', 0, 1],
      ['quick', 1, 1],
      ['slower', 1, 1],
      ['quick', 5, 1],
    ]);
  });

  it('does not wait for more company than enough', async () => {
    const begins: [number, number][] = [];
    const queue = new BatchQueue<number, number>(async (items) => {
      begins.push([performance.now(), items.length]);
      return items;
    }, bounds);
    void queue.add(0);
    await jest.advanceTimersByTimeAsync(0);
    for (let at = 0; at < 63; at += 1) void queue.add(at);
    await jest.advanceTimersByTimeAsync(1);
    expect(begins).toHaveLength(1);
    void queue.add(63);
    await jest.advanceTimersByTimeAsync(0);
    expect(begins[1]).toEqual([1, 64]);
  });

  it('keeps nobody waiting longer than its bound, however many batches are in front of it', async () => {
    const queue = slow(400);
    const endings: Ending[] = [];
    for (let at = 0; at < 4_096; at += 1) add(queue, endings);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(endings).toHaveLength(4_096);
    expect(endings.filter(({ kind }) => kind === 'answered')).toHaveLength(128);
    expect(Math.max(...endings.map(({ atMs }) => atMs))).toBe(500);
  });

  it('gives every item its own time, also one that comes while others wait', async () => {
    const queue = slow(400);
    const endings: Ending[] = [];
    add(queue, endings);
    await jest.advanceTimersByTimeAsync(350);
    add(queue, endings);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(endings.map(({ kind }) => kind)).toEqual(['answered', 'answered']);
    expect(endings[1]?.atMs).toBeLessThan(850);
  });

  it('is well again after a batch that never came back, whose late failure is nobody else’s', async () => {
    const took = [5_000, 300];
    const queue = new BatchQueue<number, number>(async (items) => {
      const isFirst = took.length === 2;
      await new Promise((resolve) => setTimeout(resolve, took.shift()));
      if (isFirst) throw new Error('connection lost');
      return items;
    }, bounds);
    const endings: Ending[] = [];
    add(queue, endings);
    await jest.advanceTimersByTimeAsync(4_900);
    add(queue, endings);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(endings.map(({ kind }) => kind)).toEqual(['late', 'answered']);
    expect(endings[0]?.atMs).toBe(500);
  });

  it('fails what waits behind a batch that failed, at once', async () => {
    const queue = new BatchQueue<number, number>(async () => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      throw new Error('connection lost');
    }, bounds);
    const endings: Ending[] = [];
    for (let at = 0; at < 300; at += 1) add(queue, endings);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(endings).toHaveLength(300);
    expect(new Set(endings.map(({ kind }) => kind))).toEqual(new Set(['failed']));
    expect(Math.max(...endings.map(({ atMs }) => atMs))).toBeLessThan(20);
  });

  it('lets an item go when its batch is sent, where that is asked for, and sends one batch at a time all the same', async () => {
    const answers = async (items: readonly number[]): Promise<readonly number[]> => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return items;
    };
    const queue = new BatchQueue<number, number>(answers, bounds, { result: 0 });
    const endings: Ending[] = [];
    add(queue, endings);
    await jest.advanceTimersByTimeAsync(1);
    add(queue, endings);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(endings.map(({ kind }) => kind)).toEqual(['answered', 'answered']);
    expect(endings[0]?.atMs).toBeLessThan(2);
    expect(endings[1]?.atMs).toBeGreaterThanOrEqual(100);
  });

  it('takes no more than it may hold', async () => {
    const queue = new BatchQueue<number, number>(() => new Promise(() => undefined), {
      ...bounds,
      waitingMax: 2,
    });
    for (let at = 0; at < 2; at += 1) queue.add(at).catch(() => undefined);
    await expect(queue.add(2)).rejects.toBeInstanceOf(QueueFullError);
  });
});
