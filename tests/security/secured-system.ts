import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brokerUser } from '../../stack/access';
import { startInfrastructure, type StackVariables } from '../../stack/infrastructure';
import { loginVariables, newLogins, redisUrlAs, type Logins } from '../../stack/logins';
import { freePort } from '../../stack/ports';
import { projectRoot } from '../../stack/project-root';
import { startServer } from '../../stack/server-process';
import { deploySteps, serviceCommands, type ServiceCommand } from '../../stack/services';
import { readStackSettings } from '../../stack/settings';
import { modernRedis } from '../../stack/tools';
import type { PrivateServers } from '../support/private-servers';

const run = promisify(execFile);
const deployTimeoutMs = 90_000;
const readyTimeoutMs = 90_000;

export const adminToken = 'token-of-the-test';

export interface SecuredSystem {
  /** `host:port` of the listener where users log in, and of the one where nobody is anybody. */
  readonly broker: string;
  readonly openBroker: string;
  /** As a user, or without one as whoever does not log in. */
  readonly redisUrlOf: (user?: string) => string;
  readonly saslOf: (user: string) => {
    readonly mechanism: 'plain';
    readonly username: string;
    readonly password: string;
  };
  /** Of a service of ours. */
  readonly urlOf: (service: string) => string;
}

/** Whether this machine's Redis can give a right to read and not to write. */
export const tellsReads = modernRedis() !== undefined;

const dist = join(projectRoot(), 'dist');

const portVariables = [
  'COMMAND_API_PORT',
  'QUERY_API_PORT',
  'SAGA_PORT',
  'PROJECTOR_PORT',
  'PAYMENT_SIMULATOR_PORT',
];

const deploy = async (variables: StackVariables, logins: Logins): Promise<void> => {
  const env = { ...process.env, ...variables, ...loginVariables(logins, brokerUser, variables.REDIS_URL) };
  for (const { main, args } of deploySteps) {
    await run(process.execPath, [join(dist, main), ...args], { env, timeout: deployTimeoutMs });
  }
};

const startService = async (
  own: PrivateServers,
  { name, args, port, environment }: ServiceCommand,
): Promise<void> => {
  const { logFile } = own.place(name);
  const env = { ...process.env, ...environment };
  const probe = async (): Promise<void> => {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_000) });
    if (!answer.ok) throw new Error(`/readyz says ${answer.status}`);
  };
  const command = { name, command: process.execPath, args, env, logFile, stopSignal: 'SIGTERM' } as const;
  const ready = { url: `http://127.0.0.1:${port}`, port, timeoutMs: readyTimeoutMs, probe };
  await own.keep(startServer(command, ready));
};

/** What `STACK_ACCESS=enforced make up` starts, on free ports: a user for each service, and only the rights that it needs. */
export const startSecuredSystem = async (own: PrivateServers): Promise<SecuredSystem> => {
  const logins = await newLogins(['stranger']);
  // The place of PostgreSQL, so that its data is removed; the others lie beside it.
  const folder = dirname(own.place('postgres').dataDir);
  const { variables, servers } = await startInfrastructure({
    ports: { kafka: 0, registry: 0, redis: 0, postgres: 0 },
    dataDir: folder,
    logDir: folder,
    isShortLived: true,
    logins,
  });
  for (const server of servers) await own.keep(Promise.resolve(server));
  await deploy(variables, logins);

  const ports = await Promise.all(
    portVariables.map(async (name) => [name, String(await freePort())] as const),
  );
  const settings = readStackSettings({ ...Object.fromEntries(ports), ADMIN_TOKEN: adminToken });
  const cache = join(folder, 'cache');
  mkdirSync(cache);
  const services = serviceCommands(settings, variables, { dist, cache, data: folder }, logins);
  await Promise.all(services.map((service) => startService(own, service)));
  return {
    broker: `127.0.0.1:${logins.kafkaPort}`,
    openBroker: variables.KAFKA_BROKERS,
    redisUrlOf: (user) =>
      user === undefined ? variables.REDIS_URL : redisUrlAs(logins, user, variables.REDIS_URL),
    saslOf: (username) => ({
      mechanism: 'plain',
      username,
      password: logins.passwords[username] ?? '',
    }),
    urlOf: (service) => `http://127.0.0.1:${services.find(({ name }) => name === service)?.port ?? 0}`,
  };
};
