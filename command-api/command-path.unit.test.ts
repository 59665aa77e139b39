import type { LogProducer, SendOutcome } from '../chassis/kafka/log';
import type { Admission, Admitted, ReleaseReason } from './admission';
import { CircuitBreaker } from './circuit-breaker';
import { CommandPath, type Submission } from './command-path';

const acked: SendOutcome = { kind: 'acked', partition: 2, offset: 9, appendedAtMs: 0 };
const rejected: SendOutcome = { kind: 'rejected', error: new Error('no leader') };
const unknown: SendOutcome = { kind: 'unknown', error: new Error('no answer') };
const claimed: Admitted = { kind: 'claimed', quota: undefined, countedAtMs: 1, heldUntilMs: undefined };

const submission: Submission = {
  claim: { recordKey: '{sale}:accepted:r', payload: 'p', correlationId: 'c' },
  record: { topic: 'order-requests', key: 'r', value: null },
};

interface Given {
  readonly outcome?: SendOutcome | Promise<SendOutcome>;
  readonly admitted?: Admitted;
  readonly inFlightMax?: number;
  readonly clock?: () => number;
}

const create = ({ outcome = acked, admitted = claimed, inFlightMax = 10, clock = () => 0 }: Given = {}) => {
  const happened: string[] = [];
  const admission: Admission = {
    admit: async () => admitted,
    accept: async () => void happened.push('accepted'),
    release: (_claim, _claimed, reason: ReleaseReason) => void happened.push(`released: ${reason}`),
  };
  const send = async (): Promise<SendOutcome> => {
    happened.push('sent');
    return outcome;
  };
  const producer = { send, queued: 0 } as unknown as LogProducer;
  const limits = { failureThreshold: 2, successThreshold: 1, baseTimeoutMs: 1_000, maxTimeoutMs: 1_000 };
  const breaker = new CircuitBreaker(limits, clock);
  return { path: new CommandPath({ admission, producer, breaker, inFlightMax }), happened, breaker };
};

describe('a command', () => {
  it('is answered with its place in the log, after it is remembered', async () => {
    const { path, happened } = create();
    await expect(path.submit(submission)).resolves.toEqual({
      kind: 'appended',
      first: {
        correlation_id: 'c',
        position: { topic: 'order-requests', partition: 2, offset: 9 },
      },
      quota: undefined,
    });
    expect(happened).toEqual(['sent', 'accepted']);
  });

  it('that the log has not leaves its id free', async () => {
    const { path, happened } = create({ outcome: rejected });
    await expect(path.submit(submission)).resolves.toMatchObject({
      kind: 'unavailable',
      reason: 'not-in-log',
    });
    expect(happened).toEqual(['sent', 'released: not-in-log']);
  });

  it('that the log may have keeps its lease', async () => {
    const { path, happened } = create({ outcome: unknown });
    await expect(path.submit(submission)).resolves.toMatchObject({ kind: 'unavailable', reason: 'unknown' });
    expect(happened).toEqual(['sent', 'released: unknown']);
  });

  it('that the log may have is told to come again when its lease is over, where somebody holds it', async () => {
    const held = { ...claimed, heldUntilMs: performance.now() + 3_000 };
    const waits = async (outcome: SendOutcome, admitted: Admitted): Promise<unknown> => {
      const submitted = await create({ outcome, admitted }).path.submit(submission);
      return submitted.kind === 'unavailable' && Math.ceil(submitted.retryAfterMs / 1_000);
    };
    expect(await waits(unknown, held)).toBe(3);
    expect(await waits(unknown, claimed)).toBe(1);
    expect(await waits(rejected, held)).toBe(1);
  });

  it('that is refused leaves its id free, and its press counted', async () => {
    const { path, happened } = create();
    const problem = { status: 425, error: 'SALE_NOT_OPEN', title: 'Too early' };
    await expect(path.submit({ ...submission, objection: () => problem })).resolves.toEqual({
      kind: 'refused',
      problem,
    });
    expect(happened).toEqual(['released: refused']);
  });

  it('that is a copy of another is not sent', async () => {
    const { path, happened, breaker } = create({ admitted: { kind: 'in-flight', retryAfterMs: 5 } });
    await expect(path.submit(submission)).resolves.toEqual({ kind: 'in-flight', retryAfterMs: 5 });
    expect(happened).toEqual([]);
    expect(breaker.state).toBe('closed');
  });

  it('is refused at once while the breaker is open, before its id is claimed', async () => {
    const { path, happened } = create({ outcome: unknown });
    await Promise.all([path.submit(submission), path.submit(submission)]);
    happened.length = 0;
    await expect(path.submit(submission)).resolves.toEqual({
      kind: 'unavailable',
      reason: 'breaker-open',
      retryAfterMs: 1_000,
    });
    expect(happened).toEqual([]);
  });

  it('is refused at once when too many are under way, which is no fault of the log', async () => {
    const outcome = new Promise<SendOutcome>(() => undefined);
    const { path, breaker } = create({ outcome, inFlightMax: 2 });
    void path.submit(submission);
    void path.submit(submission);
    expect(path.inFlight).toBe(2);
    await expect(path.submit(submission)).resolves.toMatchObject({ kind: 'unavailable', reason: 'overload' });
    expect(breaker.state).toBe('closed');
  });

  it('that fails on its way leaves the place of a probe to the next one', async () => {
    let nowMs = 0;
    const { path, breaker } = create({ outcome: unknown, clock: () => nowMs });
    await Promise.all([path.submit(submission), path.submit(submission)]);
    nowMs = 1_000;
    expect(breaker.state).toBe('half-open');
    const broken = {
      ...submission,
      objection: () => {
        throw new Error('a bug');
      },
    };
    await expect(path.submit(broken)).rejects.toThrow('a bug');
    expect(breaker.tryPass().kind).toBe('permit');
  });

  it('shares its bound with what comes before it', async () => {
    const { path } = create({ inFlightMax: 1 });
    let finish: (name: string) => void = () => undefined;
    const named = path.within(() => new Promise<string>((resolve) => (finish = resolve)));
    expect(path.within(async () => 'bob')).toBeUndefined();
    await expect(path.submit(submission)).resolves.toMatchObject({ reason: 'overload' });
    finish('ann');
    await expect(named).resolves.toBe('ann');
    await expect(path.submit(submission)).resolves.toMatchObject({ kind: 'appended' });
  });

  it('makes room when it is done, however it ends', async () => {
    const { path } = create({ outcome: rejected, inFlightMax: 1 });
    await path.submit(submission);
    expect(path.inFlight).toBe(0);
  });
});
