import { createLogReader } from '../../chassis/kafka/reader';
import type { KafkaConnection } from '../../chassis/kafka/connection';
import type { LogAdmin } from '../../chassis/kafka/log';
import { createLogProducer } from '../../chassis/kafka/producer';
import type { Releasers } from '../../chassis/lifecycle';
import type { Log } from '../../chassis/log';
import { createPool } from '../../chassis/postgres';
import type { EventCodec } from '../../schemas/codec';
import type { CommandPath } from '../command-path';
import type { CommandApiConfig } from '../config';
import { LetterDesk } from './letter-desk';
import { LetterLedger } from './letter-ledger';
import { Redriver } from './redriver';
import { RedriverLock } from './redriver-lock';

const closeWithinMs = 2_000;
/** One for the lock, one for the redriver, the rest for operators. */
const connectionsMax = 4;

/**
 * The operators' desk for dead letters and the redriver behind it. Both have a producer and a pool of their own: what
 * they do never waits in front of a buyer's command. PostgreSQL is asked when an operator asks, and by nobody else.
 */
export const openLetters = async (
  parts: { readonly config: CommandApiConfig; readonly log: Log; readonly releasers: Releasers },
  opened: {
    readonly connection: KafkaConnection;
    readonly admin: LogAdmin;
    readonly codec: EventCodec;
    readonly path: CommandPath;
  },
): Promise<LetterDesk> => {
  const { config, log, releasers } = parts;
  const { connection, admin, codec, path } = opened;
  const db = createPool({ url: config.DATABASE_URL, applicationName: 'command-api', connectionsMax }, log);
  releasers.add('postgres', () => db.end());
  const producer = await createLogProducer(connection);
  releasers.add('letters producer', () => producer.stop(closeWithinMs));
  const reader = createLogReader(connection);
  const clock = Date.now;
  const ledger = new LetterLedger({ reader, admin, codec });
  const redriver = new Redriver({
    db,
    codec,
    reader,
    producer,
    ledger,
    lock: new RedriverLock(db),
    log,
    clock,
  });
  releasers.add('redriver', () => redriver.stop());
  redriver.start();
  return new LetterDesk({
    db,
    codec,
    admin,
    producer,
    path,
    ledger,
    saleId: config.SALE_ID,
    clock,
    onOrdered: () => redriver.wake(),
  });
};
