import { existsSync, mkdirSync, chownSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Client } from 'pg';
import { claimPort, loopback } from './ports';
import { homeFor, removeHome, serverIdentity, type Identity, type PostgresHome } from './postgres-home';
import { fetchServers } from './server-files';
import { startTimeoutMs, type ServerOptions } from './server-options';
import { ServerStartError, startServer, type RunningServer } from './server-process';

export interface PostgresOptions extends ServerOptions {
  /** More settings, such as `{ max_connections: '20' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** User, password and database of the local stack; it listens on loopback only. */
export const postgresName = 'flash_sale';

const probeTimeoutMs = 2000;
const initTimeoutMs = 60_000;

const databaseUrl = (port: number, database: string): string =>
  `postgres://${postgresName}:${postgresName}@${loopback}:${port}/${database}`;

const withClient = async (url: string, work: (client: Client) => Promise<void>): Promise<void> => {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: probeTimeoutMs,
    query_timeout: probeTimeoutMs,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
};

/** The probe makes the database as well: the first answer that it exists is the first moment it can be used. */
const answersQuery = async (port: number): Promise<void> =>
  withClient(databaseUrl(port, 'postgres'), async (client) => {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [postgresName]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${postgresName}`);
  });

const initialize = (home: PostgresHome, identity: Identity, logFile: string): void => {
  const passwordFile = `${home.dataDir}.password`;
  writeFileSync(passwordFile, postgresName, { mode: 0o600 });
  if (identity.uid !== undefined) chownSync(passwordFile, identity.uid, identity.gid ?? identity.uid);
  const run = spawnSync(
    join(home.programs, 'bin', 'initdb'),
    [
      '--pgdata',
      home.dataDir,
      '--username',
      postgresName,
      '--pwfile',
      passwordFile,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--no-locale',
      '--no-sync',
      '--no-instructions',
    ],
    { ...identity, cwd: home.dataDir, encoding: 'utf8', timeout: initTimeoutMs },
  );
  rmSync(passwordFile);
  if (run.status === 0) return;
  rmSync(home.dataDir, { recursive: true });
  writeFileSync(logFile, `${run.error?.message ?? ''}${run.stdout}${run.stderr}`, { flag: 'a' });
  throw new ServerStartError('postgres', 'could not make its data folder', logFile);
};

/**
 * PostgreSQL with one database, `flash_sale`. It refuses to run as root, so root starts it as `nobody`: see
 * postgres-home.ts for where its files are then.
 */
export const startPostgres = async (options: PostgresOptions): Promise<RunningServer> => {
  const files = options.files ?? (await fetchServers());
  const port = await claimPort(options.port, 'POSTGRES_PORT');
  const identity = serverIdentity();
  const home = homeFor(identity, files.postgres, options.dataDir);
  mkdirSync(join(options.logFile, '..'), { recursive: true });
  if (!existsSync(join(home.dataDir, 'PG_VERSION'))) initialize(home, identity, options.logFile);
  const settings = {
    listen_addresses: loopback,
    // No socket file: its default folder belongs to the distribution's own server.
    unix_socket_directories: '',
    max_connections: '200',
    ...options.settings,
  };
  return startServer(
    {
      name: 'postgres',
      command: join(home.programs, 'bin', 'postgres'),
      args: [
        '-D',
        home.dataDir,
        '-p',
        String(port),
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      cwd: home.dataDir,
      ...identity,
      logFile: options.logFile,
      // SIGINT is its fast shutdown; SIGTERM would wait for every client to leave.
      stopSignal: 'SIGINT',
      sharesSession: options.sharesSession ?? false,
    },
    {
      url: databaseUrl(port, postgresName),
      port,
      timeoutMs: options.timeoutMs ?? startTimeoutMs,
      probe: () => answersQuery(port),
    },
  );
};

/** Removes a data folder, wherever it is for the user who runs this. */
export const removePostgresData = (dataDir: string): void => removeHome(dataDir);
