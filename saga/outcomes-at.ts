import type { LogReader, LogRecord } from '../chassis/kafka/log';
import type { EventCodec } from '../schemas/codec';
import { decodeOrLearn } from '../schemas/decode-or-learn';
import type { OrderOutcome } from '../schemas/events';
import { topics } from '../schemas/topics';
import type { OutcomeIndex, Places } from './outcome-index';
import type { Clock } from './ports';

export interface OutcomesAtParts {
  readonly reader: LogReader;
  readonly codec: EventCodec;
  readonly clock: Clock;
}

/** What stands at places of the log that were read: an outcome, or undefined for what is none. */
export type OutcomesAt = ReadonlyMap<string, OrderOutcome | undefined>;

export const placeOf = (partition: number, offset: number): string => `${partition}:${offset}`;

const topic = topics.orderOutcomes.name;
/** To both sides of a place: a chunk that is sent again finds its outcomes near each other, and a fetch brings as many. */
const nearRecords = 250;
/** No new read after this, so that a chunk of old orders does not outlast the consumer's watchdog of 15 s. */
const readForMs = 1_500;
const stallMs = 2_000;

/** The orders' places, in the orders' order. */
const flat = (
  wanted: readonly Places[],
): readonly { readonly partition: number; readonly offset: number }[] =>
  wanted.flatMap(({ partition, offsets }) => offsets.map((offset) => ({ partition, offset })));

/**
 * Reads what stands at places that the index knows, those of the first orders first: what is left when the time is up is
 * absent, and a later call finds less to read, because the first orders are done then.
 * @throws InfrastructureError when the log does not answer within 2 s.
 */
export const readOutcomesAt = async (
  { reader, codec, clock }: OutcomesAtParts,
  index: OutcomeIndex,
  wanted: readonly Places[],
): Promise<OutcomesAt> => {
  const places = flat(wanted);
  const names = new Set(places.map(({ partition, offset }) => placeOf(partition, offset)));
  const found = new Map<string, OrderOutcome | undefined>();
  const take = async (record: LogRecord): Promise<void> => {
    const name = placeOf(record.partition, record.offset);
    if (!names.has(name)) return;
    const decoded = await decodeOrLearn(codec, topic, record.value);
    const event = decoded.kind === 'event' ? decoded.event : undefined;
    found.set(name, event?.type === 'OrderCompleted' || event?.type === 'OrderFailed' ? event : undefined);
  };
  const startedAtMs = clock.nowMs();
  for (const { partition, offset } of places) {
    if (found.has(placeOf(partition, offset))) continue;
    if (clock.nowMs() - startedAtMs > readForMs) break;
    await reader.read({
      topic,
      ...index.rangeAround(partition, offset, nearRecords),
      onRecords: async (records) => {
        for (const record of records) await take(record);
      },
      withHeaders: false,
      stallMs,
    });
  }
  return found;
};
