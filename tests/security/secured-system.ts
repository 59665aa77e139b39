import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brokerUser, redisUsers, securedKafka, type Passwords } from '../../stack/access';
import { startKafka } from '../../stack/kafka';
import { claimPort, freePort } from '../../stack/ports';
import { startPostgres } from '../../stack/postgres';
import { projectRoot } from '../../stack/project-root';
import { startRedis } from '../../stack/redis';
import { startRegistry } from '../../stack/registry';
import { startServer } from '../../stack/server-process';
import { modernRedis } from '../../stack/tools';
import type { PrivateServers } from '../support/private-servers';
import { grantProductionRights } from './kafka-rights';

const run = promisify(execFile);
const deployTimeoutMs = 90_000;
const readyTimeoutMs = 90_000;

export const adminToken = 'token-of-the-test';
const services = ['saga', 'projector', 'query-api', 'command-api'] as const;
const passwords: Passwords = Object.fromEntries(
  [brokerUser, ...services, 'stranger'].map((user) => [user, `password-of-${user}`]),
);

export interface SecuredSystem {
  /** `host:port` of the listener where users log in, and of the one where nobody is anybody. */
  readonly broker: string;
  readonly openBroker: string;
  readonly redisUrlOf: (user: string) => string;
  readonly saslOf: (user: string) => {
    readonly mechanism: 'plain';
    readonly username: string;
    readonly password: string;
  };
  readonly url: Readonly<Record<(typeof services)[number], string>>;
}

/** Whether this machine's Redis can give a right to read and not to write. */
export const tellsReads = modernRedis() !== undefined;

const dist = (main: string): string => join(projectRoot(), 'dist', main);

const kafkaUser = (broker: string, user: string): NodeJS.ProcessEnv => ({
  KAFKA_BROKERS: broker,
  KAFKA_SASL_MECHANISM: 'plain',
  KAFKA_SASL_USERNAME: user,
  KAFKA_SASL_PASSWORD: passwords[user],
});

const startServers = async (own: PrivateServers) => {
  const securedPort = await freePort();
  const redisPlace = own.place('redis');
  mkdirSync(redisPlace.dataDir, { recursive: true });
  const aclFile = join(redisPlace.dataDir, 'users.acl');
  writeFileSync(aclFile, redisUsers(passwords, tellsReads));
  const [kafka, registry, redis, postgres] = await Promise.all([
    own.keep(startKafka({ ...own.place('kafka'), ...securedKafka(securedPort, passwords) })),
    own.keep(startRegistry(own.place('registry'))),
    own.keep(startRedis({ ...redisPlace, extraArgs: ['--aclfile', aclFile] })),
    own.keep(startPostgres(own.place('postgres'))),
  ]);
  return { kafka, registry, redis, postgres, broker: `127.0.0.1:${securedPort}` };
};

/** The whole system with a user for each service at Kafka and Redis, and only the rights that it needs. */
export const startSecuredSystem = async (own: PrivateServers): Promise<SecuredSystem> => {
  const { kafka, registry, redis, postgres, broker } = await startServers(own);
  await grantProductionRights(broker, passwords[brokerUser] ?? '');
  const redisUrlOf = (user: string): string =>
    `redis://${user}:${passwords[user] ?? ''}@127.0.0.1:${redis.port}`;
  const common = {
    ...process.env,
    HOST: '127.0.0.1',
    SCHEMA_REGISTRY_URL: registry.url,
    DATABASE_URL: postgres.url,
    ADMIN_TOKEN: adminToken,
    PAYMENT_URL: undefined,
  };
  for (const [main = '', ...args] of [['migrations/main.js', 'up'], ['schemas/main.js']]) {
    const env = { ...common, ...kafkaUser(broker, brokerUser) };
    await run(process.execPath, [dist(main), ...args], { env, timeout: deployTimeoutMs });
  }
  const urls = await Promise.all(
    services.map(async (name) => {
      const { dataDir, logFile } = own.place(name);
      mkdirSync(dataDir, { recursive: true });
      const port = await claimPort(0, 'PORT');
      const env = {
        ...common,
        ...kafkaUser(broker, name),
        REDIS_URL: redisUrlOf(name),
        PORT: String(port),
        SCHEMA_CACHE_FILE: join(dataDir, 'schemas.json'),
      };
      const plan = { name, command: process.execPath, args: [dist(`${name}/main.js`)], env, logFile };
      const url = `http://127.0.0.1:${port}`;
      const probe = async (): Promise<void> => {
        const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
        if (!answer.ok) throw new Error(`/readyz says ${answer.status}`);
      };
      const ready = { url, port, timeoutMs: readyTimeoutMs, probe };
      await own.keep(startServer({ ...plan, stopSignal: 'SIGTERM' }, ready));
      return [name, url] as const;
    }),
  );
  return {
    broker,
    openBroker: kafka.url,
    redisUrlOf,
    saslOf: (username) => ({ mechanism: 'plain', username, password: passwords[username] ?? '' }),
    url: Object.fromEntries(urls) as SecuredSystem['url'],
  };
};
