import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { promisify } from 'node:util';
import { silentLog } from '../../chassis/log';
import { createPool } from '../../chassis/postgres';
import { connectRedisOrCluster, redisReady } from '../../chassis/redis';
import { createStockConnector } from '../../saga/stock/connect-stock';
import { startPostgres } from '../../stack/postgres';
import { serverIdentity } from '../../stack/postgres-home';
import { projectRoot } from '../../stack/project-root';
import { privateServers } from '../support/private-servers';

const own = privateServers();
const folder = mkdtempSync(join(tmpdir(), 'tls-'));
const at = (name: string): string => join(folder, name);
const openssl = (...args: readonly string[]): void =>
  void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
const newKey = ['-newkey', 'rsa:2048', '-nodes', '-days', '2'];

/** An authority of this test's own, and what it says of 127.0.0.1: ca.pem, server.pem, server.key. */
const makeCertificates = (): void => {
  openssl('req', '-x509', ...newKey, '-subj', '/CN=authority', '-keyout', 'ca.key', '-out', 'ca.pem');
  openssl(
    'req',
    '-new',
    ...newKey.slice(0, 3),
    '-subj',
    '/CN=server',
    '-keyout',
    'server.key',
    '-out',
    'csr',
  );
  writeFileSync(at('names'), 'subjectAltName=IP:127.0.0.1');
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
  openssl('x509', '-req', '-in', 'csr', ...signed, '-out', 'server.pem');
  // PostgreSQL runs as another user than root, reads its key itself, and takes only one that is nobody else's.
  const { uid, gid } = serverIdentity();
  chmodSync(folder, 0o755);
  chmodSync(at('server.key'), 0o600);
  if (uid !== undefined) chownSync(at('server.key'), uid, gid ?? uid);
};

/** Ends TLS in front of a server that speaks plainly. */
const startTerminator = async (target: URL): Promise<Server> => {
  const certificate = { key: readFileSync(at('server.key')), cert: readFileSync(at('server.pem')) };
  const server = createServer(certificate, (client) => {
    const upstream = connect(Number(target.port), target.hostname);
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream])
      socket.on('error', () => [client, upstream].map((it) => it.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
};

/** What a program prints that stands beside the readers of reconcile, which are Python. */
const python = async (program: string, settings: NodeJS.ProcessEnv): Promise<string> => {
  const { stdout } = await promisify(execFile)('python3', ['-c', program], {
    cwd: join(projectRoot(), 'reconcile', 'reading'),
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...settings },
  });
  return stdout;
};

let terminator: Server;
let redisUrl: string;
let databaseUrl: string;
let ca: string;

beforeAll(async () => {
  makeCertificates();
  ca = readFileSync(at('ca.pem'), 'utf8');
  terminator = await startTerminator(new URL(process.env['REDIS_URL'] ?? ''));
  redisUrl = `rediss://127.0.0.1:${(terminator.address() as AddressInfo).port}`;
  const settings = { ssl: 'on', ssl_cert_file: at('server.pem'), ssl_key_file: at('server.key') };
  databaseUrl = (await own.keep(startPostgres({ ...own.place('postgres'), settings }))).url;
}, 90_000);
afterAll(async () => {
  terminator.close();
  await own.remove();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

describe('a connection to Redis by rediss://', () => {
  const ping = async (authority: string | undefined): Promise<string> => {
    const redis = connectRedisOrCluster(redisUrl, silentLog, authority);
    try {
      await redisReady(redis, 2_000);
      return await redis.ping();
    } finally {
      redis.disconnect();
    }
  };

  it('is encrypted when the authority of REDIS_SSL_CA signed the certificate, and is not made otherwise', async () => {
    await expect(ping(ca)).resolves.toBe('PONG');
    await expect(ping(undefined)).rejects.toThrow('not reached');
  });

  it('is made by the saga to its stock in the same way', async () => {
    const stock = await createStockConnector(redisUrl, 'tls', silentLog, { ca }).connect();
    await expect(stock.serverRunId()).resolves.toMatch(/^[0-9a-f]{40}$/);
    stock.disconnect();
    await expect(createStockConnector(redisUrl, 'tls', silentLog).connect()).rejects.toThrow('Redis');
  });

  it('is made by reconcile in the same way', async () => {
    const program = `import os, wire_redis, settings
print(wire_redis.Redis(os.environ['REDIS_URL'], settings.setting(os.environ, 'REDIS_SSL_CA')).call('PING'))`;
    const settings = { REDIS_URL: redisUrl };
    await expect(python(program, { ...settings, REDIS_SSL_CA: ca })).resolves.toBe('PONG\n');
    await expect(python(program, { ...settings, REDIS_SSL_CA_FILE: at('ca.pem') })).resolves.toBe('PONG\n');
    await expect(python(program, settings)).rejects.toThrow(/CERTIFICATE_VERIFY_FAILED/);
  });
});

describe('a connection to PostgreSQL with sslmode=verify-full', () => {
  const isEncrypted = async (parameters: string): Promise<unknown> => {
    const pool = createPool(
      { url: `${databaseUrl}?${parameters}`, applicationName: 'tls-test', connectionsMax: 1 },
      silentLog,
    );
    try {
      const { rows } = await pool.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
      return rows;
    } finally {
      await pool.end();
    }
  };

  it('is encrypted when the authority of sslrootcert signed the certificate, and is not made otherwise', async () => {
    await expect(isEncrypted(`sslmode=verify-full&sslrootcert=${at('ca.pem')}`)).resolves.toEqual([
      { ssl: true },
    ]);
    await expect(isEncrypted('sslmode=verify-full')).rejects.toThrow(/certificate/);
  });

  it('is made by reconcile in the same way', async () => {
    const program = `import os, wire_postgres
database = wire_postgres.Postgres(os.environ['DATABASE_URL'])
print(database.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()'))`;
    const isRead = (parameters: string): Promise<string> =>
      python(program, { DATABASE_URL: `${databaseUrl}?${parameters}` });
    await expect(isRead(`sslmode=verify-full&sslrootcert=${at('ca.pem')}`)).resolves.toBe(
      "[{'ssl': True}]\n",
    );
    await expect(isRead('sslmode=verify-full')).rejects.toThrow(/CERTIFICATE_VERIFY_FAILED/);
  });
});
