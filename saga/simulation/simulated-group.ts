import { InfrastructureError, type GroupConsumerOptions, type RecordsHandler } from '../../chassis/kafka/log';
import type { Random } from './random';
import type { SimulatedLog } from './simulated-log';
import type { Actor, World } from './world';

/** A consumer group: who has a partition, since which generation, and what is committed. */
export class SimulatedGroup {
  readonly topic: string;
  readonly committed: number[];
  readonly generation: number[];
  readonly owner: string[];

  constructor(topic: string, partitions: number, owners: readonly string[]) {
    this.topic = topic;
    this.committed = Array.from({ length: partitions }, () => 0);
    this.generation = Array.from({ length: partitions }, () => 0);
    this.owner = Array.from(
      { length: partitions },
      (_, partition) => owners[partition % owners.length] ?? '',
    );
  }

  assign(partition: number, owner: string): void {
    this.owner[partition] = owner;
    this.generation[partition] = (this.generation[partition] ?? 0) + 1;
  }

  /** Somebody sets the offsets back. */
  resetTo(partition: number, offset: number): void {
    this.committed[partition] = offset;
    this.generation[partition] = (this.generation[partition] ?? 0) + 1;
  }
}

export interface LaneParts {
  readonly world: World;
  readonly actor: Actor;
  readonly log: SimulatedLog;
  readonly group: SimulatedGroup;
  readonly partition: number;
  readonly handler: RecordsHandler;
  readonly startAt?: GroupConsumerOptions['startAt'];
  readonly random: Random;
  readonly faultsAreOn: () => boolean;
  /** Rule R7 switched off: commits before the records are handled. */
  readonly commitsFirst: boolean;
  /** The handler threw what it must not: the process ends and another one is started. */
  readonly onBug: () => void;
}

const idleMs = 60;
const backoffMs = 80;
const chunkMax = 3;

/** What a member remembers of a partition it was given; it learns late that it was taken away. */
interface Tenure {
  readonly generation: number;
  readonly over: AbortController;
  next: number;
}

const startOf = async (parts: LaneParts): Promise<number> => {
  const { group, partition, startAt } = parts;
  for (;;) {
    try {
      return (await startAt?.(group.topic, partition)) ?? group.committed[partition] ?? 0;
    } catch (error) {
      if (!(error instanceof InfrastructureError)) throw error;
      await parts.world.pause(parts.actor, backoffMs);
    }
  }
};

const refresh = async (parts: LaneParts, tenure: Tenure | undefined): Promise<Tenure | undefined> => {
  const { group, partition, actor, random } = parts;
  const generation = group.generation[partition] ?? 0;
  if (group.owner[partition] === actor.name) {
    if (tenure?.generation === generation) return tenure;
    tenure?.over.abort();
    return { generation, over: new AbortController(), next: await startOf(parts) };
  }
  if (!tenure || (parts.faultsAreOn() && !random.chance(0.15))) return tenure;
  tenure.over.abort();
  return undefined;
};

/** A zombie's commit may still reach the broker: kafkajs does not name the generation it belongs to (#1046). */
const commit = (
  { group, partition, random, faultsAreOn }: LaneParts,
  generation: number,
  offset: number,
): void => {
  const isZombies = faultsAreOn() && random.chance(0.1);
  if (group.generation[partition] === generation || isZombies) group.committed[partition] = offset;
};

const handleSome = async (parts: LaneParts, tenure: Tenure): Promise<void> => {
  const { world, actor, log, group, partition, random } = parts;
  const records = log.partitions(group.topic)[partition] ?? [];
  const chunk = records.slice(tenure.next, tenure.next + 1 + random.integer(chunkMax));
  if (chunk.length === 0) return world.pause(actor, idleMs);
  if (parts.commitsFirst) commit(parts, tenure.generation, tenure.next + chunk.length);
  try {
    tenure.next += await parts.handler(chunk, tenure.over.signal);
  } catch (error) {
    if (!(error instanceof InfrastructureError)) parts.onBug();
    return world.pause(actor, backoffMs);
  }
  await world.turn(actor);
  if (!parts.commitsFirst) commit(parts, tenure.generation, tenure.next);
};

/** One member's work on one partition, for as long as its process lives. */
export const runLane = async (parts: LaneParts): Promise<void> => {
  let tenure: Tenure | undefined;
  for (;;) {
    await parts.world.turn(parts.actor);
    tenure = await refresh(parts, tenure);
    if (tenure) await handleSome(parts, tenure);
    else await parts.world.pause(parts.actor, idleMs);
  }
};
