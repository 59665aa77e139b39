"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createDatabase = exports.poolOf = void 0;
const node_crypto_1 = require("node:crypto");
const pg_1 = require("pg");
const log_1 = require("../../chassis/log");
const postgres_1 = require("../../chassis/postgres");
const migrate_1 = require("../../migrations/migrate");
const onServer = async (serverUrl, statement) => {
    const client = new pg_1.Client({ connectionString: serverUrl });
    client.on('error', () => undefined);
    await client.connect();
    try {
        await client.query(statement);
    }
    finally {
        await client.end();
    }
};
const poolOf = (url, connectionsMax = 5) => (0, postgres_1.createPool)({ url, applicationName: 'test', connectionsMax }, log_1.silentLog);
exports.poolOf = poolOf;
/** A database of its own on the server of the run, migrated unless asked otherwise. */
const createDatabase = async (options = {}) => {
    const serverUrl = options.serverUrl ?? process.env['DATABASE_URL'];
    if (serverUrl === undefined)
        throw new Error('DATABASE_URL is not set: run this test with its servers');
    const name = `test_${(0, node_crypto_1.randomBytes)(8).toString('hex')}`;
    await onServer(serverUrl, `create database ${name}`);
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    const pool = (0, exports.poolOf)(url.href);
    if (options.migrated !== false) {
        const migrated = await (0, migrate_1.migrate)(pool, { log: log_1.silentLog, lockWaitMs: 10_000 });
        if (migrated.kind !== 'done')
            throw new Error(`cannot migrate ${name}: ${migrated.kind}`);
    }
    return {
        url: url.href,
        pool,
        drop: async () => {
            await pool.end();
            await onServer(serverUrl, `drop database if exists ${name} with (force)`);
        },
    };
};
exports.createDatabase = createDatabase;
//# sourceMappingURL=database.js.map