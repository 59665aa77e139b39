"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createPool = void 0;
const pg_1 = require("pg");
/** bigint arrives as text because it may pass 2^53; our offsets and times never do, so they are read as numbers. */
const readSafeInteger = (text) => {
    const value = Number(text);
    return Number.isSafeInteger(value) ? value : text;
};
/**
 * A pool with every time-out set: pg has none by default, and a lost server then hangs its callers for ever.
 * Its errors are listened to: an idle client's error, unheard, ends the process when PostgreSQL restarts.
 */
const createPool = (options, log) => {
    const statementTimeoutMs = options.statementTimeoutMs ?? 5_000;
    const pool = new pg_1.Pool({
        connectionString: options.url,
        application_name: options.applicationName,
        max: options.connectionsMax,
        connectionTimeoutMillis: 2_000,
        statement_timeout: statementTimeoutMs,
        lock_timeout: 2_000,
        idle_in_transaction_session_timeout: 10_000,
        /** Above statement_timeout, so that the server's clearer error comes first. */
        query_timeout: statementTimeoutMs + 2_000,
        keepAlive: true,
        // Linux waits two hours before it asks a silent peer, unless told otherwise.
        keepAliveInitialDelayMillis: 10_000,
        // Of the session from its first statement on; a statement of ours on 'connect' would be in the way of the first.
        ...(options.avoidsScans ? { options: '-c enable_seqscan=off -c jit=off' } : {}),
        maxLifetimeSeconds: 1_800,
        types: {
            getTypeParser: (oid, format) => oid === pg_1.types.builtins.INT8 && format !== 'binary'
                ? readSafeInteger
                : pg_1.types.getTypeParser(oid, format),
        },
    });
    const onError = (error) => log.warn('postgres connection lost', { event: 'postgres_error', error });
    pool.on('error', onError);
    pool.on('connect', (client) => {
        client.on('error', onError);
    });
    return pool;
};
exports.createPool = createPool;
//# sourceMappingURL=postgres.js.map