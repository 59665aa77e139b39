import type { Pool } from 'pg';
import { shareQuestion } from '../chassis/shared-question';
import { findTimeline } from './order-queries';
import type { TimelineEntry } from './order-timeline';

export type FindTimeline = (key: string) => Promise<readonly TimelineEntry[]>;

interface Shared {
  readonly ask: () => Promise<readonly TimelineEntry[]>;
  askers: number;
}

/** A crowd that follows one order hears its news in one moment and asks for its events together: that is one question. */
export const shareTimelines = (find: FindTimeline): FindTimeline => {
  const asked = new Map<string, Shared>();
  return async (key) => {
    const shared = asked.get(key) ?? { ask: shareQuestion(() => find(key)), askers: 0 };
    asked.set(key, shared);
    shared.askers += 1;
    try {
      return await shared.ask();
    } finally {
      shared.askers -= 1;
      if (shared.askers === 0) asked.delete(key);
    }
  };
};

export const sharedTimelinesOf = (db: Pool): FindTimeline => shareTimelines((key) => findTimeline(db, key));
