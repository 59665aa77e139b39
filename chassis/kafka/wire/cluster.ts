import type { KafkaConnection } from '../connection';
import { InfrastructureError } from '../log';
import { kafkaError, kafkaErrorText } from './api';
import { BrokerLink } from './broker-link';

/** Leader's node id by partition number; `undefined` while a partition has no leader. */
export type Leaders = readonly (number | undefined)[];

const metadataAgeMaxMs = 60_000;
/** A broker that has just started names no leader for an instant; kept as long as the rest, that was a minute of silence. */
const unledAgeMaxMs = 100;
const noLeader = -1;

/**
 * The brokers of one Kafka cluster, found from the addresses given, with who leads which partition. Links open when
 * first needed and again after they broke; nothing is retried here, and every failure is an InfrastructureError.
 */
export class Cluster {
  readonly #connection: KafkaConnection;
  readonly #links = new Map<string, Promise<BrokerLink>>();
  readonly #addresses = new Map<number, string>();
  readonly #leaders = new Map<string, { readonly leaders: Leaders; readonly readAtMs: number }>();
  #controllerId = noLeader;
  #nextSeed = 0;
  #closed = false;

  constructor(connection: KafkaConnection) {
    this.#connection = connection;
  }

  get connection(): KafkaConnection {
    return this.#connection;
  }

  /** How many brokers are known by their ids; 0 before the first answer. */
  get brokers(): number {
    return this.#addresses.size;
  }

  /** A link to any broker that answers: one that is open already, else each known address in turn. */
  async any(): Promise<BrokerLink> {
    const addresses = [...new Set([...this.#addresses.values(), ...this.#seeds()])];
    const open = addresses.filter((address) => this.#links.has(address));
    let last: unknown;
    for (const address of new Set([...open, ...addresses])) {
      try {
        return await this.#link(address);
      } catch (error) {
        last = error;
      }
    }
    const reason = last instanceof Error ? last.message : 'no address is known';
    throw new InfrastructureError(`no broker of ${this.#connection.brokers.join(', ')} answers: ${reason}`, {
      cause: last,
    });
  }

  async node(nodeId: number): Promise<BrokerLink> {
    if (!this.#addresses.has(nodeId)) await this.#readMetadata([]);
    const address = this.#addresses.get(nodeId);
    if (address === undefined) throw new InfrastructureError(`no broker has the id ${nodeId}`);
    return this.#link(address);
  }

  /**
   * Leaders of a topic's partitions, at most a minute old, and a tenth of a second while one is missing, unless `forget`
   * was called; an unknown topic throws.
   */
  async leaders(topic: string): Promise<Leaders> {
    const leaders = await this.findLeaders(topic);
    if (!leaders) throw new InfrastructureError(`the topic ${topic} does not exist`);
    return leaders;
  }

  /** As `leaders`, but `undefined` when the brokers do not know the topic. */
  async findLeaders(topic: string): Promise<Leaders | undefined> {
    const known = this.#leaders.get(topic);
    const ageMaxMs = known?.leaders.includes(undefined) ? unledAgeMaxMs : metadataAgeMaxMs;
    if (known && performance.now() - known.readAtMs < ageMaxMs) return known.leaders;
    await this.#readMetadata([topic]);
    return this.#leaders.get(topic)?.leaders;
  }

  /** What is known without asking; for those who may not wait. */
  knownLeaders(topic: string): Leaders | undefined {
    return this.#leaders.get(topic)?.leaders;
  }

  /** The next `leaders` asks again: a broker said that it does not lead, or did not answer. */
  forget(topic: string): void {
    const known = this.#leaders.get(topic);
    if (known) this.#leaders.set(topic, { leaders: known.leaders, readAtMs: Number.NEGATIVE_INFINITY });
  }

  async coordinator(groupId: string): Promise<BrokerLink> {
    const link = await this.any();
    const { errorCode, coordinator } = await link.ask('GroupCoordinator', { groupId });
    if (errorCode !== kafkaError.none) {
      throw new InfrastructureError(`coordinator of ${groupId}: ${kafkaErrorText(errorCode)}`);
    }
    return this.#link(`${coordinator.host}:${coordinator.port}`);
  }

  async controller(): Promise<BrokerLink> {
    await this.#readMetadata([]);
    return this.node(this.#controllerId);
  }

  close(): void {
    this.#closed = true;
    for (const opening of this.#links.values()) {
      opening.then(
        (link) => link.destroy(new Error('closed')),
        () => undefined,
      );
    }
    this.#links.clear();
  }

  #seeds(): readonly string[] {
    const seeds = this.#connection.brokers;
    this.#nextSeed = (this.#nextSeed + 1) % seeds.length;
    return [...seeds.slice(this.#nextSeed), ...seeds.slice(0, this.#nextSeed)];
  }

  async #link(address: string): Promise<BrokerLink> {
    if (this.#closed) throw new InfrastructureError('the Kafka connection is closed');
    const known = this.#links.get(address);
    if (known) {
      const link = await known;
      if (link.alive) return link;
      if (this.#links.get(address) !== known) return this.#link(address);
    }
    const opening = BrokerLink.open(this.#connection, address);
    this.#links.set(address, opening);
    try {
      return await opening;
    } catch (error) {
      if (this.#links.get(address) === opening) this.#links.delete(address);
      throw error;
    }
  }

  /** Brokers and controller always, leaders of `topics`; an unknown topic is forgotten. */
  async #readMetadata(topics: readonly string[]): Promise<void> {
    const link = await this.any();
    const answer = await link.ask('Metadata', { topics, allowAutoTopicCreation: false });
    this.#addresses.clear();
    for (const { nodeId, host, port } of answer.brokers) this.#addresses.set(nodeId, `${host}:${port}`);
    this.#controllerId = answer.controllerId;
    for (const { topic, topicErrorCode, partitionMetadata } of answer.topicMetadata) {
      if (!topics.includes(topic)) continue;
      if (topicErrorCode !== kafkaError.none || partitionMetadata.length === 0) {
        this.#leaders.delete(topic);
        continue;
      }
      const leaders: (number | undefined)[] = [];
      for (const { partitionId, leader } of partitionMetadata) {
        leaders[partitionId] = leader === noLeader ? undefined : leader;
      }
      this.#leaders.set(topic, { leaders, readAtMs: performance.now() });
    }
  }
}
