import { spawn, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pause } from '../../chassis/deadline';
import { freePort } from '../../stack/ports';
import { acceptingArgs } from '../../stack/services';
import { tetherChild } from '../../stack/tether';

/** A command API of the bench's own, on the servers of the running stack. */
export interface OwnApi {
  readonly url: string;
  readonly child: ChildProcess;
}

const startWithinMs = 30_000;

/**
 * Starts the command API of the build in the folder `dist` as the stack starts its own, with `settings` over the
 * environment's. The caller ends it; it ends with the caller, too, however that ends. @throws when it is not ready within 30 s.
 */
export const startOwnApi = async (dist: string, settings: NodeJS.ProcessEnv = {}): Promise<OwnApi> => {
  const port = await freePort();
  const main = join(resolve(dist), 'command-api', 'main.js');
  const child = spawn(process.execPath, [...acceptingArgs, main], {
    env: { ...process.env, ...settings, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'error' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  tetherChild(child);
  const url = `http://127.0.0.1:${port}`;
  const endsAtMs = performance.now() + startWithinMs;
  while (performance.now() < endsAtMs) {
    const ready = await fetch(`${url}/readyz`).catch(() => undefined);
    if (ready?.ok) return { url, child };
    await pause(100);
  }
  child.kill('SIGTERM');
  throw new Error(`${main} is not ready`);
};
