import { traceparentIn } from '../schemas/headers';
import { postponedForMs } from '../schemas/postponed-order';
import type { ToCharge, ToEmit } from './decide-orders';
import { emitOutcomes } from './emit-outcomes';
import { afterCharge, afterSettlement, type AfterCharge } from './order-saga';
import type { ChargeOutcome, SettleRequest } from './ports';
import { postpone } from './postpone';
import { epochOver, type EpochOver, type RoundContext, type RoundEnd } from './round-context';

interface Charged {
  readonly asked: ToCharge;
  readonly next: AfterCharge;
}

/** Payments that end within this time of each other are settled by one call; the last one of a chunk waits for nobody. */
const gatherMs = 20;

/** Rule R8: what an earlier epoch may have charged is cancelled for good before this epoch charges. */
const cancelAndCharge = async (context: RoundContext, asked: ToCharge): Promise<ChargeOutcome> => {
  const call = { endsAtMs: context.paymentsEndAtMs, signal: context.signal };
  const outcome = await context.finalCancels.cancel(asked.key, asked.cancelFirst, call);
  return outcome === 'unknown' ? { kind: 'unknown' } : chargeTraced(context, asked);
};

const chargeTraced = async (
  { payment, paymentsEndAtMs, signal }: RoundContext,
  asked: ToCharge,
): Promise<ChargeOutcome> => {
  const { span, record } = asked.work;
  span?.event('reserved');
  const call = span?.child('POST /charges', 'client');
  const outcome = await payment.charge(asked.paymentKey, asked.order, {
    endsAtMs: paymentsEndAtMs,
    signal,
    traceparent: call?.traceparent ?? traceparentIn(record.headers),
  });
  call?.end({ 'flashsale.payment': outcome.kind });
  return outcome;
};

/** Mostly there is nothing to cancel and nothing to trace, and each promise less is 1 µs an order. */
const charge = (context: RoundContext, asked: ToCharge): Promise<ChargeOutcome> => {
  if (asked.cancelFirst.length > 0) return cancelAndCharge(context, asked);
  if (asked.work.span) return chargeTraced(context, asked);
  return context.payment.charge(asked.paymentKey, asked.order, {
    endsAtMs: context.paymentsEndAtMs,
    signal: context.signal,
    traceparent: traceparentIn(asked.work.record.headers),
  });
};

/** Charged orders as they come in: an order waits neither for the slowest payment of its chunk nor alone. */
class Charging {
  private ready: Charged[] = [];
  private left: number;
  private wake: () => void = () => undefined;
  private readonly allIn = new AbortController();
  private readonly context: RoundContext;
  answered = 0;

  constructor(context: RoundContext, toCharge: readonly ToCharge[]) {
    this.context = context;
    this.left = toCharge.length;
    for (const asked of toCharge) {
      void charge(context, asked).then((outcome) => this.take(asked, outcome));
    }
  }

  /** The next payments that have ended; none when all have been handed out. */
  async next(): Promise<readonly Charged[]> {
    if (this.ready.length === 0 && this.left > 0) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    if (this.left > 0) await this.context.clock.pause(gatherMs, this.allIn.signal);
    const ready = this.ready;
    this.ready = [];
    return ready;
  }

  private take(asked: ToCharge, outcome: ChargeOutcome): void {
    const { signal, paymentGiveUpMs } = this.context;
    this.left -= 1;
    if (outcome.kind !== 'unknown') this.answered += 1;
    /** Only looked at while it is unknown: its age is read from the headers. Who is told to stop has not asked. */
    const isGivenUp =
      outcome.kind === 'unknown' && !signal.aborted && postponedForMs(asked.work.record) >= paymentGiveUpMs;
    this.ready.push({ asked, next: afterCharge(outcome, isGivenUp) });
    if (this.left === 0) this.allIn.abort();
    this.wake();
  }
}

const settleRequests = (
  wave: readonly Charged[],
): readonly (SettleRequest & { readonly asked: ToCharge })[] => {
  const requests: (SettleRequest & { readonly asked: ToCharge })[] = [];
  for (const { asked, next } of wave) {
    if (next.step === 'settle') requests.push({ asked, order: asked.order, outcome: next.outcome });
  }
  return requests;
};

const settle = async (
  context: RoundContext,
  wave: readonly Charged[],
): Promise<readonly ToEmit[] | EpochOver> => {
  const requests = settleRequests(wave);
  if (requests.length === 0) return [];
  const { connection, generation } = context.session;
  const startedAtMs = context.clock.nowMs();
  const settled = await connection.settle(generation.epoch, requests);
  context.observe.step('settle', context.clock.nowMs() - startedAtMs);
  if (settled === 'stale') return epochOver;
  context.atStep('after-settle');
  const toEmit: ToEmit[] = [];
  settled.forEach((answer, index) => {
    const request = requests[index];
    if (!request) return;
    const { work, key } = request.asked;
    const next = afterSettlement(generation, answer, work.appendedAtMs);
    if (next.step === 'done') work.isDone = true;
    if (next.step === 'emit') toEmit.push({ work, key, emission: next.emission });
  });
  return toEmit;
};

/**
 * Charges reserved orders, many at once, and settles and emits them in waves as their payments end; `refused` need no
 * payment and are emitted meanwhile. Once the signal aborts no charge begins; what is charged by then is settled and
 * emitted.
 */
export const settleOrders = async (
  context: RoundContext,
  toCharge: readonly ToCharge[],
  refused: readonly ToEmit[],
): Promise<RoundEnd> => {
  const charging = new Charging(context, toCharge);
  if ((await emitOutcomes(context, refused)) === epochOver) return epochOver;
  for (let wave = await charging.next(); wave.length > 0; wave = await charging.next()) {
    context.atStep('after-charge');
    const unknown = wave.filter(({ next }) => next.step === 'postpone').map(({ asked }) => asked);
    await postpone(context, unknown, charging.answered > 0);
    const toEmit = await settle(context, wave);
    if (toEmit === epochOver) return epochOver;
    if ((await emitOutcomes(context, toEmit)) === epochOver) return epochOver;
  }
  return 'went-through';
};
