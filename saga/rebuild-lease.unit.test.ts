import { InfrastructureError, type LogProducer, type LogReader } from '../chassis/kafka/log';
import { silentLog } from '../chassis/log';
import { createGate } from './gate';
import type { StockConnection } from './ports';
import { keepLease, leaseMs, stallMaxMs } from './rebuild-lease';
import { reconcile } from './reconcile';
import { createTokenCodec } from './simulation/token-codec';
import { MemoryStock } from './stock/memory-stock';
import { systemClock } from './system-clock';

const clock = systemClock;
const holder = 'slow';

const open = async (): Promise<{ slow: StockConnection; other: StockConnection }> => {
  const stock = new MemoryStock(() => performance.now());
  const [slow, other] = [await stock.connect(), await stock.connect()];
  await slow.lease(holder, leaseMs);
  return { slow, other };
};

/** Asks every 100 ms, as a gate that waits does. */
const msUntilTaken = async (other: StockConnection, limitMs: number): Promise<number> => {
  const beganMs = performance.now();
  while (performance.now() - beganMs < limitMs) {
    if (await other.lease('other', leaseMs)) return performance.now() - beganMs;
    await jest.advanceTimersByTimeAsync(100);
  }
  return Infinity;
};

describe('the lease of a rebuild', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('outlasts a step that takes longer than the lease', async () => {
    const { slow, other } = await open();
    const lease = keepLease({ clock, holder }, slow);
    expect(await msUntilTaken(other, 4 * leaseMs)).toBe(Infinity);
    lease.stop();
  });

  it('is lost without progress for the stall bound, and not before', async () => {
    const { slow, other } = await open();
    const lease = keepLease({ clock, holder }, slow);
    await jest.advanceTimersByTimeAsync(stallMaxMs - 1_000);
    lease.progressed();
    const tookMs = await msUntilTaken(other, 3 * stallMaxMs);
    expect(tookMs).toBeGreaterThanOrEqual(stallMaxMs);
    expect(tookMs).toBeLessThanOrEqual(stallMaxMs + leaseMs + 200);
    lease.stop();
  });

  it('runs out once the rebuild has ended', async () => {
    const { slow, other } = await open();
    keepLease({ clock, holder }, slow).stop();
    expect(await msUntilTaken(other, 4 * leaseMs)).toBeLessThanOrEqual(leaseMs);
  });

  it('is not taken back from a process that has it by now', async () => {
    const { slow, other } = await open();
    await jest.advanceTimersByTimeAsync(leaseMs);
    expect(await other.lease('other', leaseMs)).toBe(true);
    const lease = keepLease({ clock, holder }, slow);
    await jest.advanceTimersByTimeAsync(2 * leaseMs);
    expect(await other.lease('third', leaseMs)).toBe(true);
    lease.stop();
  });

  it('is renewed again after a renewal without an answer', async () => {
    const { slow, other } = await open();
    let asked = 0;
    const renew = slow.lease.bind(slow);
    slow.lease = (...args) => {
      asked += 1;
      return asked === 2 ? Promise.reject(new InfrastructureError('no answer')) : renew(...args);
    };
    const lease = keepLease({ clock, holder }, slow);
    expect(await msUntilTaken(other, 4 * leaseMs)).toBe(Infinity);
    lease.stop();
  });
});

/** Each read and each append takes so long; nothing is in the log but what the rebuild itself writes. */
const slowLog = (takesMs: number) => {
  const reader: LogReader = {
    read: async ({ signal }) => {
      await clock.pause(takesMs, signal);
      signal?.throwIfAborted();
      return new Map();
    },
  };
  const send = async () => {
    await clock.pause(takesMs);
    return { kind: 'acked' as const, partition: 0, offset: 7, appendedAtMs: 1 };
  };
  const producer = { send } as unknown as LogProducer;
  const admin = { ranges: () => Promise.resolve([{ partition: 0, low: 0, high: 0 }]) };
  return { reader, producer, admin };
};

describe('a rebuild', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const partsOf = (takesMs: number) => ({
    ...slowLog(takesMs),
    codec: createTokenCodec(),
    clock,
    wallClockMs: () => 0,
    items: { catchUp: () => Promise.resolve(), ledger: {} as never },
    fence: { newestClaim: () => Promise.resolve(7) },
    memory: { horizonMs: 1, recordTtlMs: 1 },
    holder,
    log: silentLog,
    atStep: () => undefined,
    onProgress: () => undefined,
  });

  it('keeps its lease while each step of it takes longer than the lease', async () => {
    const { slow, other } = await open();
    const parts = { ...partsOf(10_000), signal: new AbortController().signal };
    let end: string | undefined;
    const running = reconcile(parts, slow, await slow.serverRunId(), 'a test').then(({ kind }) => {
      end = kind;
    });
    while (end === undefined) {
      expect(await other.lease('other', leaseMs)).toBe(false);
      await jest.advanceTimersByTimeAsync(100);
    }
    await running;
    expect(end).toBe('opened');
    expect(performance.now()).toBeGreaterThan(3 * leaseMs);
    expect(await msUntilTaken(other, 4 * leaseMs)).toBeLessThanOrEqual(leaseMs);
  });

  it('ends when its process is told to stop, and another one may begin at once', async () => {
    const stock = new MemoryStock(() => performance.now());
    const other = await stock.connect();
    const parts = partsOf(10_000);
    const gate = createGate({
      ...parts,
      connector: stock,
      reconcile: (connection, runId, reason, signal) =>
        reconcile({ ...parts, signal }, connection, runId, reason),
    });
    // The claim and the marker are written, and the outcomes are being read.
    await jest.advanceTimersByTimeAsync(25_000);
    expect(gate.state()).toBe('rebuilding');
    let isStopped = false;
    void gate.stop().then(() => {
      isStopped = true;
    });
    await jest.advanceTimersByTimeAsync(100);
    expect(isStopped).toBe(true);
    expect(await other.lease('other', leaseMs)).toBe(true);
  });
});
