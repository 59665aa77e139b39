import { Gauge, type Registry } from 'prom-client';
import { pause } from '../chassis/deadline';
import { InfrastructureError } from '../chassis/kafka/log';
import type { Log } from '../chassis/log';
import type { ItemFollower } from '../schemas/follow-items';

export interface ItemWatch {
  stop(): Promise<void>;
}

/** A pause must be known here within 1 s; a look costs the brokers two small questions. */
const lookEveryMs = 200;
/** As long as a start waits for topics and schemas. */
const firstLookMs = 30_000;
const retryMs = 500;

/** The first look: nobody is let in before every sale that was closed is known to be. */
export const learnItems = async (items: Pick<ItemFollower, 'catchUp'>, log: Log): Promise<void> => {
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
export const watchItems = (
  items: Pick<ItemFollower, 'catchUp'>,
  { log, metrics }: { readonly log: Log; readonly metrics: Registry },
): ItemWatch => {
  const stopping = new AbortController();
  let knownAtMs = performance.now();
  new Gauge({
    name: 'command_api_items_age_seconds',
    help: 'Time since the operators’ commands in the log were last known to be all known here',
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
