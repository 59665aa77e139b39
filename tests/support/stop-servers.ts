import type { ServersOfRun } from './start-servers';

/** Jest's global teardown. */
export default async function stopServers(): Promise<void> {
  await (globalThis as ServersOfRun).stopServers?.();
}
