import type { Kysely, Migration } from 'kysely';
import * as views from './0001-views';
import * as rebuilds from './0002-rebuilds';
import * as ordersPending from './0003-orders-pending';
import * as rebuildPatience from './0004-rebuild-patience';
import * as lettersByKey from './0005-letters-by-key';

/**
 * Every migration there ever was, oldest first. Append only: what has run somewhere is never edited. There is no
 * `down`; a mistake is mended by the next number, because data written since cannot be unwritten.
 */
export const migrations: Readonly<Record<string, Migration & { up(db: Kysely<unknown>): Promise<void> }>> = {
  '0001-views': views,
  '0002-rebuilds': rebuilds,
  '0003-orders-pending': ordersPending,
  '0004-rebuild-patience': rebuildPatience,
  '0005-letters-by-key': lettersByKey,
};

/** The version that this release needs. A newer database is fine: migrations only add. */
export const versionNeeded = Object.keys(migrations).at(-1) ?? '';
