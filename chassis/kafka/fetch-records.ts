import { InfrastructureError, type LogRecord } from './log';
import { kafkaError, kafkaErrorText } from './wire/api';
import type { Cluster } from './wire/cluster';
import {
  type FetchAnswer,
  type FetchedPartition,
  type FetchLimits,
  type FetchPlace,
  fetchRequest,
} from './wire/fetch-request';
import { readRecordBatches } from './wire/record-batch-reader';

/**
 * Offsets are missing in a partition. These topics are not compacted, and a stranger's transaction marker counts as a
 * record, so records were deleted or skipped, and nobody may go on as if nothing happened.
 */
export class LogGapError extends Error {
  override readonly name = 'LogGapError';
}

/** What one fetch says of one partition. */
export type Fetched =
  | {
      readonly kind: 'records';
      readonly place: FetchPlace;
      readonly records: LogRecord[];
      readonly high: number;
    }
  /** The asked offset is not in the log. */
  | { readonly kind: 'out-of-range'; readonly place: FetchPlace; readonly error: Error }
  /** The partition moved, or its broker is in trouble: ask again. */
  | { readonly kind: 'unavailable'; readonly place: FetchPlace; readonly error: Error };

const checkGap = (place: FetchPlace, records: readonly LogRecord[], nextOffset: number): void => {
  let expected = place.fromOffset;
  for (const record of records) {
    if (record.offset !== expected) break;
    expected += 1;
  }
  if (expected === nextOffset) return;
  throw new LogGapError(`${place.topic}:${place.partition} has no record with offset ${expected}`);
};

export interface Wanted extends FetchLimits {
  readonly withHeaders?: boolean | undefined;
}

const readPartition = (place: FetchPlace, partition: FetchedPartition, withHeaders: boolean): Fetched => {
  if (partition.errorCode === kafkaError.offsetOutOfRange) {
    const error = new Error(`${place.topic}:${place.partition} has no offset ${place.fromOffset}`);
    return { kind: 'out-of-range', place, error };
  }
  if (partition.errorCode !== kafkaError.none) {
    return { kind: 'unavailable', place, error: new Error(kafkaErrorText(partition.errorCode)) };
  }
  const { records, nextOffset } = readRecordBatches(partition.bytes, place, withHeaders);
  checkGap(place, records, nextOffset);
  return { kind: 'records', place, records, high: partition.high };
};

/**
 * Asks the broker `nodeId` once for records from each place on. Throws InfrastructureError when it does not answer or
 * refuses, LogGapError and RecordFormatError when what it answers cannot be trusted.
 */
export const fetchRecords = async (
  cluster: Cluster,
  nodeId: number,
  places: readonly FetchPlace[],
  wanted: Wanted,
): Promise<readonly Fetched[]> => {
  const link = await cluster.node(nodeId);
  const withinMs = wanted.waitMs + cluster.connection.requestTimeoutMs;
  const answer = (await link.send(fetchRequest(places, wanted, withinMs))) as FetchAnswer;
  if (answer.errorCode !== kafkaError.none) {
    throw new InfrastructureError(`broker ${nodeId} refuses the fetch: ${kafkaErrorText(answer.errorCode)}`);
  }
  const fetched = answer.partitions.map((partition) => {
    const place = places.find(
      (each) => each.topic === partition.topic && each.partition === partition.partition,
    );
    return place && readPartition(place, partition, wanted.withHeaders ?? true);
  });
  return fetched.filter((each) => each !== undefined);
};
