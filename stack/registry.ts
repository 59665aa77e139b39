import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { classOptions } from './java-options';
import { claimPort, loopback } from './ports';
import { fetchServers } from './server-files';
import { startTimeoutMs, type ServerOptions } from './server-options';
import { startServer, type RunningServer } from './server-process';

const probeTimeoutMs = 2000;

const answersSubjects = async (url: string): Promise<void> => {
  const answer = await fetch(`${url}/subjects`, { signal: AbortSignal.timeout(probeTimeoutMs) });
  if (!answer.ok) throw new Error(`the registry says ${answer.status}`);
};

/**
 * Apicurio Registry, of which only the Confluent-compatible API is used: `url` is that API's base.
 * Its schemas live in an H2 file, because a registry that forgets its ids makes every record in Kafka unreadable.
 */
export const startRegistry = async (options: ServerOptions): Promise<RunningServer> => {
  const files = options.files ?? (await fetchServers());
  const port = await claimPort(options.port, 'SCHEMA_REGISTRY_PORT');
  mkdirSync(options.dataDir, { recursive: true });
  const url = `http://${loopback}:${port}/apis/ccompat/v7`;
  return startServer(
    {
      name: 'schema-registry',
      command: files.java,
      args: [
        '-Xmx256m',
        '-XX:+UseSerialGC',
        '-XX:TieredStopAtLevel=1',
        ...classOptions(files, 'registry', options),
        `-Dquarkus.http.host=${loopback}`,
        `-Dquarkus.http.port=${port}`,
        // H2 writes 0.5 s after the commit by default, and a kill -9 takes back what was answered in that time.
        `-Dquarkus.datasource.jdbc.url=jdbc:h2:file:${join(options.dataDir, 'registry')};WRITE_DELAY=0`,
        // Its default is 20 connections opened at start, for a database of a dozen schemas.
        '-Dquarkus.datasource.jdbc.initial-size=1',
        '-Dquarkus.datasource.jdbc.min-size=1',
        '-Dquarkus.datasource.jdbc.max-size=10',
        '-jar',
        files.registry,
      ],
      cwd: options.dataDir,
      logFile: options.logFile,
      stopSignal: 'SIGTERM',
      sharesSession: options.sharesSession ?? false,
    },
    {
      url,
      port,
      timeoutMs: options.timeoutMs ?? startTimeoutMs,
      probe: () => answersSubjects(url),
    },
  );
};
