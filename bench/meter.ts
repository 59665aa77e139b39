import type { Pool } from 'pg';
import { cpuSecondsOf, parentOf } from './cpu-seconds';

/** Runs work and prints how long it took and what CPU time it cost here and in PostgreSQL, for each of `count`. */
export type Meter = (what: string, count: number, work: () => Promise<unknown>) => Promise<void>;

const ownSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** The server must run on this machine. */
export const createMeter = async (pool: Pool): Promise<Meter> => {
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  const postmaster = parentOf(rows[0]?.pid ?? 0);
  return async (what, count, work) => {
    const [own, server, startedAtMs] = [ownSeconds(), cpuSecondsOf(postmaster), performance.now()];
    await work();
    const seconds = (performance.now() - startedAtMs) / 1000;
    const each = (cpuSeconds: number): string => ((cpuSeconds / count) * 1e6).toFixed(1).padStart(6);
    const rate = Math.round(count / seconds).toLocaleString('en-US');
    console.log(
      `${what.padEnd(46)} ${seconds.toFixed(1).padStart(6)} s ${rate.padStart(9)}/s` +
        `  CPU µs each: here ${each(ownSeconds() - own)}, PostgreSQL ${each(cpuSecondsOf(postmaster) - server)}`,
    );
  };
};
