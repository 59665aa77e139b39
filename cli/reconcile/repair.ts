import { rebuild } from '../commands/replay';
import type { Context } from '../context';
import { couldNot, exitCodes, saysNo } from '../exit';
import { pause } from '../pause';
import type { Step } from './plan';

const reason = 'reconcile found a difference';
const openWithinMs = 120_000;
const lookEveryMs = 500;

interface SagaHealth {
  readonly gate?: string;
  readonly epoch?: number | null;
}

/** A rebuild is over when a saga has a generation open that is not older than the one that was asked for. */
const untilOpen = async ({ api, signal }: Context, epoch: number): Promise<void> => {
  const endsAtMs = performance.now() + openWithinMs;
  while (performance.now() < endsAtMs && !signal.aborted) {
    const { gate, epoch: open } = (await api.call('saga', '/health')).body as SagaHealth;
    if (gate === 'open' && typeof open === 'number' && open >= epoch) return;
    await pause(lookEveryMs, signal);
  }
  throw couldNot(`The stock is not open at epoch ${epoch} after ${openWithinMs / 1000} s; look at the saga.`);
};

const rebuildStock = async (context: Context, actor: string): Promise<void> => {
  const answer = await context.api.command('saga', '/commands/rebuild-stock', { reason, actor });
  await untilOpen(context, (answer as { readonly epoch: number }).epoch);
};

/** The former view is known to be wrong, so differences to it are no reason not to switch, and it is not kept. */
const rebuildView = async (context: Context, view: string): Promise<void> => {
  for (const args of [
    ['start', view],
    ['switch', view, '--accept-diff'],
    ['drop', view],
  ]) {
    const code = await rebuild(context, args, true);
    if (code === exitCodes.no) throw saysNo(`replay ${args.join(' ')} was refused.`);
    if (code !== exitCodes.done) throw couldNot(`replay ${args.join(' ')} did not come to its end.`);
  }
};

/** Carries out one step. Each may be repeated: asked again it finds its work done or does it again to the same end. */
export const carryOut = async (context: Context, step: Step, actor: string): Promise<void> => {
  switch (step.kind) {
    case 'rebuild-stock':
      return rebuildStock(context, actor);
    case 'rebuild-view':
      return rebuildView(context, step.view);
    case 'cancel-charge':
      await context.api.command('saga', '/commands/cancel-charge', {
        payment_key: step.paymentKey,
        reason,
        actor,
      });
  }
};
