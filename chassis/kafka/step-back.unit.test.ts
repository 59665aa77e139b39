import type { LogRecord, PartitionLag } from './log';
import { stepBack, type CoreTime } from './step-back';

describe('a consumer that steps back', () => {
  beforeEach(() => jest.useFakeTimers({ now: 0 }));
  afterEach(() => jest.useRealTimers());

  const upToMs = 60_000;
  const batch: readonly LogRecord[] = [];

  /** A process in which `arrive` puts records into the log, and each batch of 100 takes 10 ms. */
  const scene = ({ waitedShare = 0.5, limitMs = upToMs } = {}) => {
    const state = {
      behind: 0,
      oldestMs: 0,
      underWay: 0,
      mostUnderWay: 0,
      handled: 0,
      restedMs: 0,
      longestMs: 0,
    };
    const coreTime = (): CoreTime => ({
      ranMs: performance.now() * (1 - waitedShare),
      waitedMs: performance.now() * waitedShare,
    });
    const lag = (): PartitionLag[] => [
      { topic: 'orders', partition: 0, records: state.behind, milliseconds: state.oldestMs },
    ];
    const handle = stepBack(
      async () => {
        state.underWay += 1;
        state.mostUnderWay = Math.max(state.mostUnderWay, state.underWay);
        await new Promise((resolve) => setTimeout(resolve, 10));
        state.underWay -= 1;
        state.handled += 100;
        state.behind -= 100;
        return 100;
      },
      { upToMs: limitMs, lag, onRest: (milliseconds) => (state.restedMs += milliseconds), coreTime },
    );
    const over = new AbortController();
    const lane = async (): Promise<void> => {
      while (!over.signal.aborted) {
        let clockMs = performance.now();
        await handle(batch, over.signal, () => (clockMs = performance.now()));
        state.longestMs = Math.max(state.longestMs, performance.now() - clockMs);
      }
    };
    /** Runs four partitions for so long, and gives how many records were handled. */
    const run = async (milliseconds: number, arrivingPerSecond: number): Promise<number> => {
      const before = state.handled;
      for (let passed = 0; passed < milliseconds; passed += 50) {
        state.behind += arrivingPerSecond / 20;
        await jest.advanceTimersByTimeAsync(50);
      }
      return state.handled - before;
    };
    return { state, over, run, start: () => Promise.all([lane(), lane(), lane(), lane()]) };
  };

  /** Four partitions, 100 records each 10 ms. */
  const unhinderedPerSecond = 40_000;

  it('handles one partition at a time in a burst, an eleventh of the time, and all of them when it is over', async () => {
    const { state, run, start } = scene();
    void start();
    await run(1_000, 90_000);
    state.mostUnderWay = 0;
    const inBurst = await run(3_000, 90_000);
    expect(state.mostUnderWay).toBe(1);
    expect(inBurst).toBeGreaterThan(2_000);
    expect(inBurst).toBeLessThan(3_500);
    expect(state.restedMs).toBeGreaterThan(2_000);
    // A partition that waits for the others' turns does not stand still.
    expect(state.longestMs).toBeLessThanOrEqual(10);
    await run(2_000, 0);
    expect(await run(1_000, 0)).toBeGreaterThan(0.9 * unhinderedPerSecond);
  });

  it.each([
    { what: 'few records arrive', options: {}, arriving: 3_000 },
    { what: 'the cores have room', options: { waitedShare: 0.1 }, arriving: 90_000 },
    { what: 'it is turned off', options: { limitMs: 0 }, arriving: 90_000 },
  ])('does not when $what', async ({ options, arriving }) => {
    const { state, run, start } = scene(options);
    void start();
    expect(await run(3_000, arriving)).toBeGreaterThan(0.9 * 3 * unhinderedPerSecond);
    expect(state.restedMs).toBe(0);
  });

  it('does not any more when a record has waited for too long', async () => {
    const { state, run, start } = scene();
    void start();
    await run(2_000, 90_000);
    state.oldestMs = upToMs;
    await run(1_000, 90_000);
    expect(await run(1_000, 90_000)).toBeGreaterThan(0.9 * unhinderedPerSecond);
  });

  it('ends its wait for a turn when the partition may no longer be ours', async () => {
    const { state, run, start, over } = scene();
    const ended = start();
    await run(2_000, 90_000);
    over.abort();
    await jest.advanceTimersByTimeAsync(11);
    await ended;
    expect(state.underWay).toBe(0);
  });

  it('passes its turn on when the handler throws', async () => {
    let behind = 0;
    const failing = stepBack(() => Promise.reject(new Error('away')), {
      upToMs,
      lag: () => [{ topic: 'orders', partition: 0, records: (behind += 4_000), milliseconds: 0 }],
      onRest: () => undefined,
      coreTime: () => ({ ranMs: performance.now() / 2, waitedMs: performance.now() / 2 }),
    });
    for (let turn = 0; turn < 5; turn += 1) {
      const failed = expect(failing(batch, new AbortController().signal)).rejects.toThrow('away');
      await jest.advanceTimersByTimeAsync(300);
      await failed;
    }
  });
});
