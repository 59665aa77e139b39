import type { ConsumerTiming } from './consumer-timing';
import {
  assign,
  assignorName,
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
  type TopicPartition,
} from './group-assignment';
import { InfrastructureError } from './log';
import { kafkaError, kafkaErrorText, type KafkaApi, type TopicPartitions } from './wire/api';
import type { BrokerLink } from './wire/broker-link';
import { Cluster } from './wire/cluster';

/** One membership between two rebalances; the broker refuses heartbeats and commits that carry an older one. */
export interface Generation {
  readonly memberId: string;
  readonly generationId: number;
  readonly partitions: readonly TopicPartition[];
}

/** What the coordinator says of a membership. */
export type Standing = 'member' | 'rebalancing' | 'evicted';

/** The group cannot be joined as things are; trying again would not help. */
class GroupRefusedError extends Error {
  override readonly name = 'GroupRefusedError';
}

export interface CommittedOffset extends TopicPartition {
  readonly offset: number;
}

const refusals: ReadonlySet<number> = new Set([
  23, // INCONSISTENT_GROUP_PROTOCOL: members of another program are in the group
  26, // INVALID_SESSION_TIMEOUT
  kafkaError.topicAuthorizationFailed,
  kafkaError.groupAuthorizationFailed,
]);
const leaveWithinMs = 1_500;

const byTopic = <Detail>(places: readonly (TopicPartition & Detail)[]): TopicPartitions<Detail>[] => {
  const topics = new Map<string, (TopicPartition & Detail)[]>();
  for (const place of places) topics.set(place.topic, [...(topics.get(place.topic) ?? []), place]);
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }));
};

/**
 * A member of a consumer group: join, heartbeat, commit, leave, each one request and its answer. When to do what is
 * the consumer's business. Every method throws InfrastructureError when the coordinator cannot be reached and
 * GroupRefusedError when it refuses for good.
 */
export class GroupMember {
  readonly #cluster: Cluster;
  readonly #groupId: string;
  readonly #topics: readonly string[];
  readonly #timing: ConsumerTiming;
  #memberId = '';
  #coordinator: BrokerLink | undefined;

  constructor(cluster: Cluster, groupId: string, topics: readonly string[], timing: ConsumerTiming) {
    this.#cluster = cluster;
    this.#groupId = groupId;
    this.#topics = topics;
    this.#timing = timing;
  }

  /** Returns when all members of the group have come together, at most the rebalance time-out later. */
  async join(): Promise<Generation> {
    const answer = await this.#joinGroup();
    const { memberId, generationId } = answer;
    const isLeader = answer.leaderId === memberId;
    const groupAssignment = isLeader ? await this.#shareOut(answer.members) : [];
    const link = await this.#link();
    const sync = await link.ask(
      'SyncGroup',
      { groupId: this.#groupId, generationId, memberId, groupAssignment },
      this.#timing.rebalanceTimeoutMs,
    );
    this.#check(sync.errorCode, 'sync');
    return { memberId, generationId, partitions: decodeAssignment(sync.memberAssignment) };
  }

  async heartbeat({ memberId, generationId }: Generation): Promise<Standing> {
    const link = await this.#link();
    const answer = await link.ask('Heartbeat', {
      groupId: this.#groupId,
      groupGenerationId: generationId,
      memberId,
    });
    return this.#standing(answer.errorCode, 'heartbeat');
  }

  /** `offset` is the next one to read. Nothing is committed unless the answer is 'member'. */
  async commit(generation: Generation, offsets: readonly CommittedOffset[]): Promise<Standing> {
    const link = await this.#link();
    const answer = await link.ask('OffsetCommit', {
      groupId: this.#groupId,
      groupGenerationId: generation.generationId,
      memberId: generation.memberId,
      topics: byTopic(offsets),
    });
    const codes = answer.responses.flatMap((each) => each.partitions).map((each) => each.errorCode);
    return this.#standing(codes.find((code) => code !== kafkaError.none) ?? kafkaError.none, 'commit');
  }

  /** Partitions without a committed offset are missing from the answer. */
  async committed(partitions: readonly TopicPartition[]): Promise<readonly CommittedOffset[]> {
    const link = await this.#link();
    const answer = await link.ask('OffsetFetch', { groupId: this.#groupId, topics: byTopic(partitions) });
    this.#check(answer.errorCode, 'offsets');
    return answer.responses.flatMap(({ topic, partitions: found }) =>
      found.flatMap(({ partition, offset, errorCode }) => {
        this.#check(errorCode, 'offsets');
        return Number(offset) < 0 ? [] : [{ topic, partition, offset: Number(offset) }];
      }),
    );
  }

  /**
   * Leaves over a connection of its own, because a join that still waits would hold up the old one; the others need
   * not wait for the session to end.
   */
  async leave(): Promise<void> {
    if (this.#memberId === '') return;
    const memberId = this.#memberId;
    this.#memberId = '';
    const cluster = new Cluster({
      ...this.#cluster.connection,
      connectTimeoutMs: leaveWithinMs,
      requestTimeoutMs: leaveWithinMs,
    });
    try {
      const link = await cluster.coordinator(this.#groupId);
      await link.ask('LeaveGroup', { groupId: this.#groupId, memberId });
    } finally {
      cluster.close();
    }
  }

  async #joinGroup(): Promise<KafkaApi['JoinGroup']['answer']> {
    const link = await this.#link();
    const ask = (): Promise<KafkaApi['JoinGroup']['answer']> =>
      link.ask(
        'JoinGroup',
        {
          groupId: this.#groupId,
          sessionTimeout: this.#timing.sessionTimeoutMs,
          rebalanceTimeout: this.#timing.rebalanceTimeoutMs,
          memberId: this.#memberId,
          protocolType: 'consumer',
          groupProtocols: [{ name: assignorName, metadata: encodeSubscription(this.#topics) }],
        },
        this.#timing.rebalanceTimeoutMs,
      );
    let answer = await ask();
    if (answer.errorCode === kafkaError.memberIdRequired) {
      this.#memberId = answer.memberId;
      answer = await ask();
    }
    this.#check(answer.errorCode, 'join');
    this.#memberId = answer.memberId;
    return answer;
  }

  async #shareOut(members: KafkaApi['JoinGroup']['answer']['members']) {
    const subscribed = members.map(({ memberId, memberMetadata }) => ({
      memberId,
      topics: decodeSubscription(memberMetadata),
    }));
    const counts = new Map<string, number>();
    for (const topic of new Set(subscribed.flatMap((member) => member.topics))) {
      this.#cluster.forget(topic);
      counts.set(topic, (await this.#cluster.leaders(topic)).length);
    }
    return [...assign(subscribed, counts)].map(([memberId, partitions]) => ({
      memberId,
      memberAssignment: encodeAssignment(partitions),
    }));
  }

  async #link(): Promise<BrokerLink> {
    if (this.#coordinator?.alive) return this.#coordinator;
    this.#coordinator = await this.#cluster.coordinator(this.#groupId);
    return this.#coordinator;
  }

  #check(code: number, what: string): void {
    const standing = this.#standing(code, what);
    if (standing !== 'member') {
      throw new InfrastructureError(`${what} in ${this.#groupId}: ${kafkaErrorText(code)}`);
    }
  }

  #standing(code: number, what: string): Standing {
    switch (code) {
      case kafkaError.none:
        return 'member';
      case kafkaError.rebalanceInProgress:
        return 'rebalancing';
      case kafkaError.unknownMemberId:
        this.#memberId = '';
        return 'evicted';
      case kafkaError.illegalGeneration:
        return 'evicted';
      default:
        this.#coordinator = undefined;
        if (refusals.has(code)) {
          throw new GroupRefusedError(`${what} in ${this.#groupId}: ${kafkaErrorText(code)}`);
        }
        throw new InfrastructureError(`${what} in ${this.#groupId}: ${kafkaErrorText(code)}`);
    }
  }
}
