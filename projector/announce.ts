import type { ClientBase } from 'pg';
import { announcementChannel, encodeAnnouncement } from '../migrations/views/announcement';
import type { ViewName } from '../migrations/views/view-shape';
import type { FoldedBatch, Written } from './batch';

/** Tells listeners of a batch in its own transaction: they hear of it when it is committed, and only then. */
export const announceBatch =
  (view: ViewName) =>
  async (client: ClientBase, folded: FoldedBatch, written: Written): Promise<void> => {
    const payloads = encodeAnnouncement({
      view,
      moves: folded.moves.map(({ topic, partition, to }) => [topic, partition, to.next] as const),
      decided: written.decided,
    });
    await client.query({
      name: 'announce',
      text: 'select pg_notify($1, payload) from unnest($2::text[]) as p (payload)',
      values: [announcementChannel, payloads],
    });
  };
