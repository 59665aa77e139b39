import type { NewRecord } from '../chassis/kafka/log';
import type { ToEmit } from './decide-orders';
import { emitOutcomes } from './emit-outcomes';
import { FinalCancels } from './final-cancels';
import { observeNothing } from './observe';
import type { CancelOutcome } from './ports';
import type { RoundContext } from './round-context';
import { createTokenCodec } from './simulation/token-codec';

const record = { topic: 'order-requests', partition: 0, offset: 0, key: null, value: null, headers: {} };

/** A refusal for want of payment: what may have been charged under two keys must be cancelled first. */
const refusal = (): ToEmit => {
  const key = 'r1';
  const event = { type: 'OrderFailed', request_id: key, reason: 'PAYMENT', epoch: 9 };
  return {
    work: { record, isDone: false },
    key,
    emission: { key, event, cancelFirst: ['r1:3', 'r1:9'] },
  } as unknown as ToEmit;
};

/** What happened in the world, in its order; cancels end when the test says so. */
const bench = () => {
  const happened: string[] = [];
  const answers = new Map<string, (outcome: CancelOutcome) => void>();
  const context = {
    codec: createTokenCodec(),
    producer: {
      sendAll: (records: readonly NewRecord[]) => {
        happened.push(...records.map(({ topic }) => topic));
        return Promise.resolve(records.map(() => ({ kind: 'acked' })));
      },
    },
    finalCancels: new FinalCancels({
      cancel: (key) => new Promise((resolve) => answers.set(key, resolve)),
    }),
    session: { generation: { epoch: 9 }, connection: { emitted: () => Promise.resolve('marked') } },
    fence: { newestClaim: () => Promise.resolve(9) },
    clock: { nowMs: () => 0 },
    memory: {},
    wallClockMs: () => 0,
    paymentGiveUpMs: 1_000,
    signal: new AbortController().signal,
    observe: observeNothing,
    atStep: () => undefined,
    onUnknownPayment: 'resend',
  } as unknown as RoundContext;
  const answer = async (key: string, outcome: CancelOutcome): Promise<void> => {
    happened.push(key);
    answers.get(key)?.(outcome);
    await new Promise(setImmediate);
  };
  return { context, answer, happened };
};

describe('an order that failed and may be charged', () => {
  it('is written as failed once all its charges are cancelled for good, and not before', async () => {
    const { context, answer, happened } = bench();
    const failed = refusal();
    const ended = emitOutcomes(context, [failed]);
    await answer('r1:9', 'cancelled');
    await answer('r1:3', 'cancelled');
    await ended;
    expect(happened).toEqual(['r1:9', 'r1:3', 'order-outcomes']);
    expect(failed.work.isDone).toBe(true);
  });

  it('waits in payment-retries when a cancel is not known to be done', async () => {
    const { context, answer, happened } = bench();
    const ended = emitOutcomes(context, [refusal()]);
    await answer('r1:3', 'cancelled');
    await answer('r1:9', 'unknown');
    await ended;
    expect(happened).toEqual(['r1:3', 'r1:9', 'payment-retries']);
  });
});
