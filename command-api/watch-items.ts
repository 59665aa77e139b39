import { Gauge, type Registry } from 'prom-client';
import { pause } from '../chassis/deadline';
import type { KafkaConnection } from '../chassis/kafka/connection';
import { InfrastructureError, type LogAdmin } from '../chassis/kafka/log';
import { createLogReader } from '../chassis/kafka/reader';
import type { Releasers } from '../chassis/lifecycle';
import type { Log } from '../chassis/log';
import type { EventCodec } from '../schemas/codec';
import { followItems, type ItemFollower } from '../schemas/follow-items';

interface ItemWatch {
  stop(): Promise<void>;
}

/** A pause must be known here within 1 s; a look costs the brokers two small questions. */
const lookEveryMs = 200;
/** As long as a start waits for topics and schemas. */
const firstLookMs = 30_000;
const retryMs = 500;

/** The first look: nobody is let in before every sale that was closed is known to be. */
const learnItems = async (items: Pick<ItemFollower, 'catchUp'>, log: Log): Promise<void> => {
  const endsAtMs = performance.now() + firstLookMs;
  for (;;) {
    try {
      await items.catchUp();
      return;
    } catch (error) {
      if (!(error instanceof InfrastructureError) || performance.now() >= endsAtMs) throw error;
      log.warn('the items are not read yet', { event: 'items_unknown', error });
      await pause(retryMs);
    }
  }
};

/**
 * Looks at `stock-adjustments` five times a second. While Kafka does not answer, what was last known holds, and windows
 * open and close by the clock all the same; the saga decides by the log in any case.
 */
const watchItems = (
  items: Pick<ItemFollower, 'catchUp'>,
  { log, metrics }: { readonly log: Log; readonly metrics: Registry },
): ItemWatch => {
  const stopping = new AbortController();
  let knownAtMs = performance.now();
  new Gauge({
    name: 'command_api_items_age_seconds',
    help: 'Time since the operators’ commands in the log were last known to be all known here',
    // Of several workers, the one that knows least.
    aggregator: 'max',
    registers: [metrics],
    collect() {
      this.set((performance.now() - knownAtMs) / 1000);
    },
  });
  const watch = async (): Promise<void> => {
    let isKnown = true;
    while (!stopping.signal.aborted) {
      await pause(lookEveryMs, stopping.signal);
      const askedAtMs = performance.now();
      try {
        await items.catchUp();
        knownAtMs = askedAtMs;
        isKnown = true;
      } catch (error) {
        if (isKnown) log.warn('the sales are as last known', { event: 'items_stale', error });
        isKnown = false;
      }
    }
  };
  const running = watch();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
};

/** The items as the log has them, kept up to date until release. Every sale that was closed is known when it resolves. */
export const openItems = async (
  parts: { readonly log: Log; readonly registry: Registry; readonly releasers: Releasers },
  connection: KafkaConnection,
  from: { readonly admin: LogAdmin; readonly codec: EventCodec },
): Promise<ItemFollower> => {
  const items = followItems({ reader: createLogReader(connection), ...from });
  await learnItems(items, parts.log);
  const watch = watchItems(items, { log: parts.log, metrics: parts.registry });
  parts.releasers.add('items', () => watch.stop());
  return items;
};
