import { InfrastructureError } from '../chassis/kafka/log';
import { buryConflicts } from './bury-conflicts';
import type { Undecided } from './decide-orders';
import type { KeyedWork, RoundContext } from './round-context';

const lookUpInLog = async (context: RoundContext, unsure: Undecided['unsure']): Promise<void> => {
  if (unsure.length === 0) return;
  const storeNowMs = Math.max(...unsure.map((it) => it.storeNowMs));
  const asked = unsure.map(({ work, key }) => ({ key, order: work.order }));
  const answers = await context.decidedInLog.lookUp(asked, storeNowMs);
  const conflicts: KeyedWork[] = [];
  unsure.forEach((it, index) => {
    const answer = answers[index];
    if (answer?.kind === 'absent') it.work.absentThroughMs = answer.throughMs;
    if (answer?.kind !== 'decided') return;
    if (answer.samePayload) it.work.isDone = true;
    else conflicts.push(it);
  });
  await buryConflicts(context, conflicts);
};

const waitForStock = async (context: RoundContext, withoutStock: readonly KeyedWork[]): Promise<void> => {
  if (withoutStock.length === 0) return;
  await context.catchUpWithStock(context.session);
  for (const { work } of withoutStock) work.stockIsCurrent = true;
};

/** Notes why it ended early, where that is no bug. */
const noteTrouble = async ({ trouble }: RoundContext, finding: Promise<void>): Promise<void> => {
  try {
    await finding;
  } catch (error) {
    if (!(error instanceof InfrastructureError)) throw error;
    trouble.last = error;
  }
};

/**
 * Finds out what the store was missing to decide these orders, so that the next round can; and ends those which the
 * log has decided. Trouble is noted: it holds up these orders only, and says nothing against the store.
 */
export const findFacts = async (
  context: RoundContext,
  { unsure, withoutStock }: Undecided,
): Promise<void> => {
  await Promise.all([
    noteTrouble(context, lookUpInLog(context, unsure)),
    noteTrouble(context, waitForStock(context, withoutStock)),
  ]);
};
