import { silentLog } from '../chassis/log';
import type { Claim, Claimed, FirstAnswer } from './admission';
import { RedisAdmission } from './redis-admission';

type Behaviour = 'answers' | 'hangs';

const claim: Claim = { recordKey: '{s}:answer:r', payload: 'p', correlationId: 'c' };
const held: Claimed = { kind: 'claimed', quota: undefined, countedAtMs: 1, heldUntilMs: undefined };
const first: FirstAnswer = {
  correlation_id: 'c',
  position: { topic: 'order-requests', partition: 0, offset: 1 },
};

/** A Redis that answers each script at once, or never. */
const create = (scripts: { readonly admit: Behaviour; readonly accept: Behaviour }) => {
  const called = { admit: 0, accept: 0, release: 0 };
  const script = (name: keyof typeof called, behaviour: Behaviour, replies: unknown) => () => {
    called[name] += 1;
    return behaviour === 'answers' ? Promise.resolve(replies) : new Promise(() => undefined);
  };
  const redis = {
    status: 'ready',
    set: () => Promise.resolve('OK'),
    defineCommand: () => undefined,
    admitCommands: script('admit', scripts.admit, ['CLAIMED', 1, -1, 0]),
    acceptCommands: script('accept', scripts.accept, 1),
    releaseCommands: script('release', 'answers', 1),
  };
  const options = {
    limits: { requestsMax: 5, windowMs: 60_000 },
    windowKeys: '{s}:window',
    idempotencyTtlMs: 1_000,
    log: silentLog,
  };
  return { admission: new RedisAdmission(redis, options), called };
};

/** Milliseconds until it resolves, by the fake clock. */
const timeOf = async (work: Promise<unknown>): Promise<number> => {
  const startedAtMs = performance.now();
  let tookMs: number | undefined;
  void work.then(() => (tookMs = performance.now() - startedAtMs));
  await jest.advanceTimersByTimeAsync(5_000);
  return tookMs ?? Number.NaN;
};

describe('admission', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('remembers answers also right after a claim that was not answered in time', async () => {
    const { admission, called } = create({ admit: 'hangs', accept: 'answers' });
    const admitting = admission.admit(claim);
    await jest.advanceTimersByTimeAsync(500);
    expect((await admitting).kind).toBe('claimed');
    const accepting = admission.accept(claim, first);
    await jest.advanceTimersByTimeAsync(5);
    await accepting;
    expect(called).toEqual({ admit: 1, accept: 1, release: 0 });
  });

  it('frees an id also right after a claim that was not answered in time', async () => {
    const { admission, called } = create({ admit: 'hangs', accept: 'answers' });
    void admission.admit(claim);
    await jest.advanceTimersByTimeAsync(500);
    admission.release(claim, held, 'not-in-log');
    await jest.advanceTimersByTimeAsync(5);
    expect(called.release).toBe(1);
  });

  it('says in health that commands are let in without Redis, and for how long', async () => {
    const { admission } = create({ admit: 'hangs', accept: 'answers' });
    await expect(admission.check()).resolves.toBeUndefined();
    void admission.admit(claim);
    await jest.advanceTimersByTimeAsync(500);
    await expect(admission.check()).rejects.toThrow('Redis took longer than 500 ms');
    await jest.advanceTimersByTimeAsync(2_900);
    await expect(admission.check()).rejects.toThrow();
    await jest.advanceTimersByTimeAsync(200);
    await expect(admission.check()).resolves.toBeUndefined();
  });

  it('waits until an answer is on its way, not for the reply', async () => {
    const { admission, called } = create({ admit: 'answers', accept: 'hangs' });
    const accepting = admission.accept(claim, first);
    expect(called.accept).toBe(0);
    await jest.advanceTimersByTimeAsync(1);
    await accepting;
    expect(called.accept).toBe(1);
  });

  it('lets one answer wait behind a Redis that hangs, and sends the next ones without waiting', async () => {
    const { admission, called } = create({ admit: 'answers', accept: 'hangs' });
    void admission.accept(claim, first);
    await jest.advanceTimersByTimeAsync(1);
    expect(await timeOf(admission.accept(claim, first))).toBe(399);
    expect(await timeOf(admission.accept(claim, first))).toBe(0);
    await jest.advanceTimersByTimeAsync(5);
    expect(called.accept).toBe(2);
  });

  it('takes 2.9 s at most with the 2 s that the log has', async () => {
    const { admission } = create({ admit: 'hangs', accept: 'hangs' });
    const admitMs = await timeOf(admission.admit(claim));
    const acceptMs = await timeOf(admission.accept(claim, first));
    expect(admitMs + 2_000 + acceptMs).toBeLessThanOrEqual(2_900);
  });
});
