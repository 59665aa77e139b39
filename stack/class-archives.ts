import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startKafka } from './kafka';
import { classArchive, type ArchivedServer } from './java-options';
import type { Report } from './maven';
import { startRegistry } from './registry';
import type { ServerFiles } from './server-files';
import type { RunningServer } from './server-process';

const starters = { kafka: startKafka, registry: startRegistry } as const;

/** A JVM writes its classes after it was asked to stop: 1 s of work, and `kill` waits 15 s each time. */
const stopAttemptsMax = 6;

const stopAndWrite = async (server: RunningServer): Promise<void> => {
  for (let attempt = 1; attempt < stopAttemptsMax; attempt += 1) {
    const hasEnded = await server.kill('SIGTERM').then(
      () => true,
      () => false,
    );
    if (hasEnded) return;
  }
  await server.stop();
};

const record = async (name: ArchivedServer, files: ServerFiles, folder: string): Promise<void> => {
  const archive = classArchive(files, name);
  const partial = `${archive}-${process.pid}`;
  mkdirSync(dirname(archive), { recursive: true });
  const server = await starters[name]({
    port: 0,
    dataDir: join(folder, name),
    logFile: join(folder, `${name}.log`),
    files,
    recordClassesTo: partial,
  });
  await stopAndWrite(server);
  // Another run may have been faster; its archive is as good.
  if (existsSync(partial)) renameSync(partial, archive);
};

/**
 * Runs Kafka and the registry once to write down the classes that they load, so that every later start maps them
 * instead of parsing them: 2.6 to 4 s of CPU less for the two. A failure costs only that.
 */
export const makeClassArchives = async (files: ServerFiles, report: Report): Promise<void> => {
  const missing = (['kafka', 'registry'] as const).filter((name) => !existsSync(classArchive(files, name)));
  if (missing.length === 0) return;
  report('Recording the classes of Kafka and the registry (once), so that they start faster');
  const folder = mkdtempSync(join(tmpdir(), 'flash-sale-classes-'));
  try {
    await Promise.all(missing.map((name) => record(name, files, folder)));
  } catch (error) {
    report(`Their classes could not be recorded: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
