"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.openLetters = void 0;
const reader_1 = require("../../chassis/kafka/reader");
const producer_1 = require("../../chassis/kafka/producer");
const postgres_1 = require("../../chassis/postgres");
const letter_desk_1 = require("./letter-desk");
const letter_ledger_1 = require("./letter-ledger");
const redriver_1 = require("./redriver");
const redriver_lock_1 = require("./redriver-lock");
const closeWithinMs = 2_000;
/** One for the lock, one for the redriver, the rest for operators. */
const connectionsMax = 4;
/**
 * The operators' desk for dead letters and the redriver behind it. Both have a producer and a pool of their own: what
 * they do never waits in front of a buyer's command. PostgreSQL is asked when an operator asks, and by nobody else.
 */
const openLetters = async (parts, opened) => {
    const { config, log, releasers } = parts;
    const { connection, admin, codec, path } = opened;
    const db = (0, postgres_1.createPool)({ url: config.DATABASE_URL, applicationName: 'command-api', connectionsMax }, log);
    releasers.add('postgres', () => db.end());
    const producer = await (0, producer_1.createLogProducer)(connection);
    releasers.add('letters producer', () => producer.stop(closeWithinMs));
    const reader = (0, reader_1.createLogReader)(connection);
    const clock = Date.now;
    const ledger = new letter_ledger_1.LetterLedger({ reader, admin, codec });
    const redriver = new redriver_1.Redriver({
        db,
        codec,
        reader,
        producer,
        ledger,
        lock: new redriver_lock_1.RedriverLock(db),
        log,
        clock,
    });
    releasers.add('redriver', () => redriver.stop());
    redriver.start();
    return new letter_desk_1.LetterDesk({
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
exports.openLetters = openLetters;
//# sourceMappingURL=open-letters.js.map