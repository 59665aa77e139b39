import { verdictOn, type Verdict } from './produce-verdict';
import type { Cluster } from './wire/cluster';
import { type PartitionAnswer, type PartitionBatch, produceRequest } from './wire/produce-request';

export interface LedBatch extends PartitionBatch {
  readonly leader: number;
}

/** The same batches by their leader. */
export const byLeader = <Batch extends LedBatch>(
  batches: readonly Batch[],
): ReadonlyMap<number, readonly Batch[]> => {
  const leaders = new Map<number, Batch[]>();
  for (const batch of batches) {
    const found = leaders.get(batch.leader);
    if (found) found.push(batch);
    else leaders.set(batch.leader, [batch]);
  }
  return leaders;
};

const again = (cause: unknown, maybeWritten: boolean): Verdict => ({
  kind: 'again',
  error: cause instanceof Error ? cause : new Error(String(cause)),
  maybeWritten,
});

/**
 * Sends batches of one leader once, in one request, and tells the verdict on each when it has answered or run out of
 * time. Never throws. A leader that did not answer, or says that it does not lead, is asked for again before the next
 * attempt.
 */
export const attemptProduce = async <Batch extends LedBatch>(
  cluster: Cluster,
  leader: number,
  batches: readonly Batch[],
): Promise<readonly (readonly [Batch, Verdict])[]> => {
  const verdictFor = await sendToLeader(cluster, leader, batches);
  const verdicts = batches.map((batch) => [batch, verdictFor(batch)] as const);
  for (const [batch, verdict] of verdicts) if (verdict.kind === 'again') cluster.forget(batch.topic);
  return verdicts;
};

const sendToLeader = async (
  cluster: Cluster,
  leader: number,
  batches: readonly LedBatch[],
): Promise<(batch: LedBatch) => Verdict> => {
  let link;
  try {
    link = await cluster.node(leader);
  } catch (error) {
    return () => again(error, false);
  }
  try {
    const request = produceRequest(batches, cluster.connection.requestTimeoutMs);
    const answers = (await link.send(request)) as readonly PartitionAnswer[];
    return (batch) => verdictOn(batch, answers);
  } catch (error) {
    return () => again(error, true);
  }
};
