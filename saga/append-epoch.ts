import { InfrastructureError, type LogAdmin, type LogProducer, type NewRecord } from '../chassis/kafka/log';
import type { EventCodec } from '../schemas/codec';
import { eventIdOf } from '../schemas/event-id';
import type { EpochClaimed, EpochStarted } from '../schemas/events';
import type { EventMetadata } from '../schemas/headers';
import { toRecord } from '../schemas/new-record';
import { topics } from '../schemas/topics';
import type { Clock } from './ports';

export interface AppendParts {
  readonly producer: LogProducer;
  readonly admin: Pick<LogAdmin, 'ranges'>;
  readonly codec: EventCodec;
  readonly clock: Clock;
  /** Wall clock, for the times that events carry for people to read; nothing is decided by it. */
  readonly wallClockMs: () => number;
  /** Aborts when nobody waits for the end any more. */
  readonly signal?: AbortSignal;
}

const attemptsMax = 10;
const betweenAttemptsMs = 200;

const metadataOf = (event: EpochClaimed | EpochStarted, partition?: number): EventMetadata => {
  const event_id = eventIdOf(event, partition);
  return { event_id, correlation_id: event_id, causation_id: event_id, source: 'saga' };
};

/** Sends until acknowledged or told to stop: a claim or a marker too many does no harm, one too few does. */
const append = async (
  parts: AppendParts,
  record: NewRecord,
): Promise<{ readonly offset: number; readonly appendedAtMs: number }> => {
  let last: Error | undefined;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const outcome = await parts.producer.send(record);
    if (outcome.kind === 'acked') return outcome;
    last = outcome.error;
    await parts.clock.pause(betweenAttemptsMs, parts.signal);
    parts.signal?.throwIfAborted();
  }
  throw new InfrastructureError(`${record.topic} takes no record`, { cause: last });
};

/** Takes the next number for a generation of the stock store: the offset of the claim. */
export const claimEpoch = async (parts: AppendParts, holder: string, reason: string): Promise<number> => {
  const event = {
    type: 'EpochClaimed' as const,
    claimed_by: holder,
    reason,
    claimed_at: parts.wallClockMs(),
  };
  const record = toRecord(parts.codec, topics.sagaEpochs.name, event, metadataOf(event));
  return (await append(parts, record)).offset;
};

export interface Markers {
  /** First offset after the marker, by partition. */
  readonly ends: ReadonlyMap<number, number>;
  /** Broker time of the newest marker. */
  readonly atMs: number;
}

/** Rule R5: puts the fence of an epoch into every partition of the outcomes. */
export const writeMarkers = async (parts: AppendParts, epoch: number): Promise<Markers> => {
  const topic = topics.orderOutcomes.name;
  const ranges = await parts.admin.ranges(topic);
  const written = await Promise.all(
    ranges.map(async ({ partition }) => {
      const event = { type: 'EpochStarted' as const, epoch, started_at: parts.wallClockMs() };
      const record = toRecord(parts.codec, { topic, partition }, event, metadataOf(event, partition));
      return { partition, ...(await append(parts, record)) };
    }),
  );
  return {
    ends: new Map(written.map(({ partition, offset }) => [partition, offset + 1])),
    atMs: Math.max(...written.map(({ appendedAtMs }) => appendedAtMs)),
  };
};
