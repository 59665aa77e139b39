import { Pool, types } from 'pg';
import type { Log } from './log';

export interface PoolOptions {
  readonly url: string;
  readonly applicationName: string;
  readonly connectionsMax: number;
  /** How long a statement may run; default 5 s. A rebuild's bulk statements need more. */
  readonly statementTimeoutMs?: number;
  /**
   * For those who find rows by key all day. A plan that was made while a table was empty scans it, and stays until
   * PostgreSQL analyzes the table, a minute into a sale: at 1,000 orders a second that was 28 % of a core instead of 12.
   * PostgreSQL 17 avoids a scan by giving it a cost of 1e10; where nothing but a scan will do, that cost would have the
   * statement compiled (above 1e5), which takes longer than to run it: so compiling is off as well.
   */
  readonly avoidsScans?: boolean;
}

/** bigint arrives as text because it may pass 2^53; our offsets and times never do, so they are read as numbers. */
const readSafeInteger = (text: string): number | string => {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
};

/**
 * A pool with every time-out set: pg has none by default, and a lost server then hangs its callers for ever.
 * Its errors are listened to: an idle client's error, unheard, ends the process when PostgreSQL restarts.
 */
export const createPool = (options: PoolOptions, log: Log): Pool => {
  const statementTimeoutMs = options.statementTimeoutMs ?? 5_000;
  const pool = new Pool({
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
      getTypeParser: (oid, format) =>
        oid === types.builtins.INT8 && format !== 'binary'
          ? readSafeInteger
          : (types.getTypeParser(oid, format) as never),
    },
  });
  const onError = (error: Error): void =>
    log.warn('postgres connection lost', { event: 'postgres_error', error });
  pool.on('error', onError);
  pool.on('connect', (client) => {
    client.on('error', onError);
  });
  return pool;
};
