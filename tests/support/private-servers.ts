import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { removePostgresData } from '../../stack/postgres';
import type { ServerOptions } from '../../stack/server-options';
import type { RunningServer } from '../../stack/server-process';
import { temporaryFolder } from './temporary-folder';

/**
 * Servers of a test's own, for tests that kill or stop them; the shared ones of the run must live on.
 *
 *     const own = privateServers();
 *     afterAll(() => own.remove());
 *     const redis = await own.keep(startRedis(own.place('redis')));
 */
export interface PrivateServers {
  /** The options of a server on a free port, with data that lasts as long as the test. */
  place(name: string, port?: number): ServerOptions;
  /** Has the server stopped at the end, also when the test fails. */
  keep(starting: Promise<RunningServer>): Promise<RunningServer>;
  /** Stops what was kept and removes the data. */
  remove(): Promise<void>;
}

export const privateServers = (): PrivateServers => {
  const folder = temporaryFolder();
  const kept: RunningServer[] = [];
  const places = new Set<string>();
  return {
    place(name, port = 0) {
      const dataDir = join(folder, name);
      places.add(dataDir);
      return { port, dataDir, logFile: join(folder, `${name}.log`), isShortLived: true };
    },
    async keep(starting) {
      const server = await starting;
      kept.push(server);
      return server;
    },
    async remove() {
      await Promise.allSettled(kept.map((server) => server.stop()));
      places.forEach(removePostgresData);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
