import { silentLog } from '../chassis/log';
import { announcementChannel, encodeAnnouncement } from '../migrations/views/announcement';
import { startTcpProxy, type TcpProxy } from '../tests/chaos/tcp-proxy';
import { createDatabase, type TestDatabase } from '../tests/support/database';
import { eventually } from '../tests/support/eventually';
import { Places } from './places';
import { ViewFeed } from './view-feed';
import { ViewProgress } from './view-progress';

const place = ['order-outcomes', 0] as const;

let database: TestDatabase;
/** Between PostgreSQL and the connection that listens; everybody else goes straight. */
let link: TcpProxy;
let progress: ViewProgress;
let feed: ViewFeed;
const decided: string[] = [];
let missed = 0;

beforeAll(async () => {
  database = await createDatabase();
  const url = new URL(database.url);
  link = await startTcpProxy(url.host, Math.random);
  url.port = String(link.port);
  progress = new ViewProgress(new Places(10));
  feed = new ViewFeed({
    pool: database.pool,
    databaseUrl: url.href,
    progress,
    log: silentLog,
    onDecided: (keys) => decided.push(...keys),
    onMissed: () => (missed += 1),
  });
  await feed.start();
  await eventually(() => expect(feed.isListening).toBe(true));
});
afterAll(async () => {
  await feed.stop();
  await link.stop();
  await database.drop();
});

/** Moves the view as the projector does, and says so. */
const move = async (next: number, decidedNow: readonly string[]): Promise<void> => {
  const [payload] = encodeAnnouncement({ view: 'orders', moves: [[...place, next]], decided: decidedNow });
  await database.pool.query(
    `with moved as (
       insert into views.order_offsets (topic, partition, next, voided, undecodable) values ($1, $2, $3, 0, 0)
       on conflict (topic, partition) do update set next = excluded.next)
     select pg_notify($4, $5)`,
    [...place, next, announcementChannel, payload],
  );
};

describe('the feed of a view', () => {
  it('hears of orders that are decided', async () => {
    await move(1, ['a']);
    await eventually(() => expect(decided).toEqual(['a']));
    expect(progress.next(...place)).toBe(1);
  });

  it('lets everybody look again when its connection is dead and nobody says so, and listens on another', async () => {
    const before = missed;
    link.behave({ isSilent: true });
    await move(2, ['b']);
    await eventually(() => expect(missed).toBeGreaterThan(before), { withinMs: 30_000 });
    expect(feed.isListening).toBe(false);
    await move(3, ['c']);
    await eventually(() => expect(progress.next(...place)).toBe(3));
    link.heal();
    await eventually(() => expect(feed.isListening).toBe(true), { withinMs: 30_000 });
    await move(4, ['d']);
    await eventually(() => expect(decided).toEqual(['a', 'd']));
  }, 90_000);
});
