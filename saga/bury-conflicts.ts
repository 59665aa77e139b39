import { bury } from './bury';
import type { KeyedWork, RoundContext } from './round-context';

/** Repeats within the chunk are conflicts of their own, each with its place in the log. */
export const buryConflicts = async (
  context: RoundContext,
  conflicts: readonly KeyedWork[],
): Promise<void> => {
  if (conflicts.length === 0) return;
  const why = { reason: 'CONFLICT', detail: 'the key was decided with another payload' } as const;
  const burials = conflicts.flatMap(({ work }) =>
    [work.record, ...work.repeats].map((record) => ({ work, record, ...why })),
  );
  const isAcked = await bury(context, burials);
  const failed = new Set(burials.filter((_, index) => isAcked[index] !== true).map(({ work }) => work));
  for (const { work } of conflicts) work.isDone = !failed.has(work);
};
