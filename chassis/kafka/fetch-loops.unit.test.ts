import { kafkaConnection } from './connection';
import { FetchLoops } from './fetch-loops';
import type { PartitionLane } from './partition-lane';
import { kafkaError } from './wire/api';
import type { Cluster, Leaders } from './wire/cluster';

const topic = 'orders';
const pollMs = 500;
/** As the loops have it. */
const superviseUnledMs = 500;

interface Line {
  readonly message: string;
  readonly partitions: unknown;
  readonly reason: string | undefined;
}

/** Two partitions, and brokers that hold no records and answer when the long poll is over. */
const scene = () => {
  const state = { leaders: [1, 1] as Leaders, refused: new Set<number>(), answeredAtMs: [0, 0] };
  const lines: Line[] = [];
  const say = (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
    const { partitions, error } = fields;
    lines.push({ message, partitions, reason: error instanceof Error ? error.message : undefined });
  };
  const answerOf = (nodeId: number, partition: number) => {
    const isLed = state.leaders[partition] === nodeId;
    const errorCode = state.refused.has(partition)
      ? kafkaError.topicAuthorizationFailed
      : isLed
        ? kafkaError.none
        : kafkaError.notLeaderOrFollower;
    return { topic, partition, errorCode, high: 0, bytes: Buffer.alloc(0) };
  };
  const cluster = {
    connection: kafkaConnection(
      { brokers: ['broker:1'], clientId: 'test' },
      { debug: say, info: say, warn: say, error: say },
    ),
    leaders: () => Promise.resolve(state.leaders),
    knownLeaders: () => state.leaders,
    forget: () => undefined,
    node: async (nodeId: number) => ({
      send: async () => {
        await new Promise((resolve) => setTimeout(resolve, pollMs));
        return { errorCode: kafkaError.none, partitions: [0, 1].map((each) => answerOf(nodeId, each)) };
      },
    }),
  } as unknown as Cluster;
  const lanes = [0, 1].map((partition) => ({
    topic,
    partition,
    isFull: false,
    isBackingOff: false,
    wanted: () => ({ topic, partition, fromOffset: 0 }),
    accept: () => (state.answeredAtMs[partition] = performance.now()),
  })) as unknown as PartitionLane[];
  const over = new AbortController();
  const fatal = (): never => {
    throw new Error('fatal');
  };
  const events = { onOutOfRange: fatal, onUnreadable: fatal, onNewPartitions: fatal };
  return { state, lines, over, loops: new FetchLoops(cluster, lanes, over.signal, events) };
};

describe('the fetch loops', () => {
  beforeEach(() => jest.useFakeTimers({ now: 0 }));
  afterEach(() => jest.useRealTimers());

  it('name the partitions that a broker refuses with its reason, each minute, and say when that is over', async () => {
    const { state, lines, over, loops } = scene();
    void loops.run();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(lines).toEqual([]);
    state.refused.add(1);
    await jest.advanceTimersByTimeAsync(70_000);
    const refusal = {
      message: 'partitions cannot be fetched',
      partitions: ['orders:1'],
      reason: expect.stringMatching(/not authorized/i) as unknown,
    };
    expect(lines).toEqual([refusal, refusal]);
    expect(performance.now() - (state.answeredAtMs[0] ?? 0)).toBeLessThan(5_000);
    state.refused.clear();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(lines.slice(2)).toEqual([
      { message: 'over: partitions cannot be fetched', partitions: undefined, reason: undefined },
    ]);
    over.abort();
  });

  it('name the partitions that have no leader', async () => {
    const { state, lines, over, loops } = scene();
    state.leaders = [1, undefined];
    void loops.run();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(lines).toEqual([
      { message: 'partitions cannot be fetched', partitions: ['orders:1'], reason: 'it has no leader' },
    ]);
    over.abort();
  });

  it.each([
    ['the only one that a broker led', [undefined, undefined]],
    ['one of two', [1, undefined]],
  ])(
    'fetch a partition that had no leader for a moment within a second of its new one: %s',
    async (_what, unled) => {
      const { state, over, loops } = scene();
      void loops.run();
      await jest.advanceTimersByTimeAsync(1_000);
      state.leaders = unled;
      await jest.advanceTimersByTimeAsync(3_000);
      expect(performance.now() - (state.answeredAtMs[1] ?? 0)).toBeGreaterThan(2_000);
      state.leaders = [1, 2];
      const ledAtMs = performance.now();
      await jest.advanceTimersByTimeAsync(superviseUnledMs + 2 * pollMs);
      expect(state.answeredAtMs[1]).toBeGreaterThan(ledAtMs);
      over.abort();
    },
  );
});
