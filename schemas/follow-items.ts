import type { LogAdmin, LogReader, LogRecord } from '../chassis/kafka/log';
import { shareQuestion } from '../chassis/shared-question';
import type { EventCodec } from './codec';
import { readDigest } from './command-digest';
import { ItemLedger } from './item-ledger';
import { topics } from './topics';

export interface FollowItemsParts {
  readonly reader: LogReader;
  readonly admin: Pick<LogAdmin, 'ends'>;
  readonly codec: Pick<EventCodec, 'decode' | 'learn'>;
}

/** The items as the log has them. */
export interface ItemFollower {
  readonly ledger: ItemLedger;
  /**
   * Reads on until everything that was in the log at the time of the call is in the ledger. Callers at the same time
   * share one question to the brokers; without news it costs that question and no more.
   * @throws InfrastructureError when the log does not answer.
   */
  catchUp(): Promise<void>;
}

/** A read that makes no progress for this long is given up; who asked asks again or goes without. */
const stallMs = 2_000;
const topic = topics.stockAdjustments.name;

/** Follows `stock-adjustments` without a group: every process needs all of it. */
export const followItems = ({ reader, admin, codec }: FollowItemsParts): ItemFollower => {
  const ledger = new ItemLedger();
  const next = new Map<number, number>();

  const take = async (record: LogRecord): Promise<void> => {
    let decoded = codec.decode(topic, record.value);
    if (decoded.kind === 'unknown-schema') {
      await codec.learn(decoded.schemaId);
      decoded = codec.decode(topic, record.value);
    }
    next.set(record.partition, record.offset + 1);
    if (decoded.kind !== 'event') return;
    const { event } = decoded;
    if (event.type === 'StockAdjusted' || event.type === 'BuyerLimitSet' || event.type === 'SaleChanged') {
      const { partition, offset, appendedAtMs, headers } = record;
      ledger.apply({ partition, offset, appendedAtMs, digest: readDigest(headers) }, event);
    }
  };

  /** A read that fails midway has moved `next` on, so nothing is folded twice. */
  const readOn = async (): Promise<void> => {
    const ends = await admin.ends(topic);
    if (ends.every((end, partition) => (next.get(partition) ?? 0) >= end)) return;
    await reader.read({
      topic,
      from: new Map(next),
      to: new Map(ends.entries()),
      stallMs,
      onRecords: async (records) => {
        for (const record of records) await take(record);
      },
    });
  };
  return { ledger, catchUp: shareQuestion(readOn) };
};
