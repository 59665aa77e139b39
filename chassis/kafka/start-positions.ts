import type { TopicPartition } from './group-assignment';
import type { CommittedOffset, GroupMember } from './group-member';
import type { GroupConsumerOptions, PartitionRange } from './log';
import { readRanges } from './ranges';
import type { Cluster } from './wire/cluster';

/** The offset to go on from is not in the log any more, or not yet: records are lost, whatever one does. */
export class OffsetOutsideLogError extends Error {
  override readonly name = 'OffsetOutsideLogError';
}

export interface StartPosition {
  readonly position: number;
  readonly high: number;
}

/**
 * Where one tenure begins in each of its partitions: the caller's own position, else the committed one, else the
 * beginning. The brokers are asked once for all partitions, and again after a failure.
 */
export class StartPositions {
  readonly #cluster: Cluster;
  readonly #member: GroupMember;
  readonly #partitions: readonly TopicPartition[];
  readonly #startAt: GroupConsumerOptions['startAt'];
  readonly #ranges = new Map<string, Promise<readonly PartitionRange[]>>();
  #committed: Promise<readonly CommittedOffset[]> | undefined;

  constructor(
    from: { readonly cluster: Cluster; readonly member: GroupMember },
    partitions: readonly TopicPartition[],
    startAt: GroupConsumerOptions['startAt'],
  ) {
    this.#cluster = from.cluster;
    this.#member = from.member;
    this.#partitions = partitions;
    this.#startAt = startAt;
  }

  /**
   * Throws OffsetOutsideLogError where kafkajs would jump to its default offset and commit that, and
   * InfrastructureError when the brokers, or whoever keeps the position, cannot be asked.
   */
  async of({ topic, partition }: TopicPartition): Promise<StartPosition> {
    const own = await this.#startAt?.(topic, partition);
    const ranges = await this.#rangesOf(topic);
    const { low, high } = ranges[partition] ?? { low: 0, high: 0 };
    const position = own ?? (await this.#committedOf(topic, partition)) ?? low;
    if (position >= low && position <= high) return { position, high };
    const whose = own === undefined ? 'committed' : 'wanted';
    throw new OffsetOutsideLogError(
      `the ${whose} offset ${position} of ${topic}:${partition} is outside the log [${low}, ${high}]`,
    );
  }

  async #committedOf(topic: string, partition: number): Promise<number | undefined> {
    this.#committed ??= this.#member.committed(this.#partitions);
    const asked = this.#committed;
    try {
      const committed = await asked;
      return committed.find((each) => each.topic === topic && each.partition === partition)?.offset;
    } catch (error) {
      if (this.#committed === asked) this.#committed = undefined;
      throw error;
    }
  }

  async #rangesOf(topic: string): Promise<readonly PartitionRange[]> {
    const asked = this.#ranges.get(topic) ?? readRanges(this.#cluster, topic);
    this.#ranges.set(topic, asked);
    try {
      return await asked;
    } catch (error) {
      if (this.#ranges.get(topic) === asked) this.#ranges.delete(topic);
      throw error;
    }
  }
}
