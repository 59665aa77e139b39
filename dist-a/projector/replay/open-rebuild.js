"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.openRebuild = exports.openPool = void 0;
const admin_1 = require("../../chassis/kafka/admin");
const connection_1 = require("../../chassis/kafka/connection");
const reader_1 = require("../../chassis/kafka/reader");
const postgres_1 = require("../../chassis/postgres");
const require_version_1 = require("../../migrations/require-version");
const today_1 = require("../../migrations/views/today");
const event_codec_1 = require("../../schemas/event-codec");
const dead_letters_projection_1 = require("../dead-letters-projection");
const items_projection_1 = require("../items-projection");
const orders_projection_1 = require("../orders-projection");
const commands_1 = require("../rebuild/commands");
/**
 * An index or a digest of hundreds of millions of rows takes hours. A server that does not answer while events are
 * folded is noticed by the watch over the progress, long before.
 */
const statementTimeoutMs = 12 * 3_600_000;
const connectionsMax = 8;
/** The projector parked these once; a rebuild has no effect but its view. */
const reportNothing = async () => undefined;
const openPool = async (config, log, releasers) => {
    const pool = (0, postgres_1.createPool)({ url: config.DATABASE_URL, applicationName: 'replay', connectionsMax, statementTimeoutMs }, log);
    releasers.add('postgres', () => pool.end());
    await (0, require_version_1.requireDatabaseVersion)(pool, { log, timeoutMs: 10_000 });
    return pool;
};
exports.openPool = openPool;
/** A rebuild of one view with its own connections to the log and to PostgreSQL. */
const openRebuild = async (config, view, parts) => {
    const { log, releasers, onProgress, say, signal } = parts;
    const pool = await (0, exports.openPool)(config, log, releasers);
    const connection = (0, connection_1.kafkaConnectionOf)(config, 'replay', log);
    const admin = (0, admin_1.createLogAdmin)(connection);
    releasers.add('kafka admin', () => admin.stop());
    const codec = () => (0, event_codec_1.createEventCodec)({
        registryUrl: config.SCHEMA_REGISTRY_URL,
        cacheFile: config.SCHEMA_CACHE_FILE,
        log,
    });
    const rebuildOf = (projection) => new commands_1.ViewRebuild({
        pool,
        reader: (0, reader_1.createLogReader)(connection),
        admin,
        projection,
        shape: today_1.viewsToday[view],
        onProgress,
        say,
        signal,
        clock: Date.now,
        stalledAfterMs: config.STALLED_AFTER,
    });
    switch (view) {
        case 'orders':
            return { pool, rebuild: rebuildOf((0, orders_projection_1.createOrdersProjection)(await codec(), reportNothing)) };
        case 'items':
            return { pool, rebuild: rebuildOf((0, items_projection_1.createItemsProjection)(await codec(), reportNothing)) };
        case 'dead-letters':
            return { pool, rebuild: rebuildOf((0, dead_letters_projection_1.createDeadLettersProjection)(await codec(), reportNothing)) };
    }
};
exports.openRebuild = openRebuild;
//# sourceMappingURL=open-rebuild.js.map