import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokerUser } from './access';
import { externalVariables } from './choose';
import { deploy } from './deploy';
import { stopRecordedProcesses } from './down';
import { startInfrastructure, type StackVariables } from './infrastructure';
import { loginVariables, newLogins, writeLogins, type Logins } from './logins';
import { claimPort } from './ports';
import { identify, isRunning } from './process-identity';
import { untilReady } from './readiness';
import { readRecords, writeRecord } from './run-records';
import type { RunningServer } from './server-process';
import { serviceCommands, type ServiceCommand } from './services';
import { shellVariables, summary } from './summary';
import { foldersOf, StackError, type StackContext } from './stack-context';
import { tether } from './tether';

export interface UpOptions {
  /** Kafka, Registry, Redis and PostgreSQL with tables, topics and schemas, but none of our services. */
  readonly infrastructureOnly: boolean;
  readonly signal: AbortSignal;
}

const readyTimeoutMs = 60_000;
const serverStopTimeoutMs = 15_000;

const recordServer = (runDir: string, server: RunningServer): void => {
  const identity = identify(server.pid);
  if (!identity) throw new StackError(`${server.name} ended right after it had started.`);
  writeRecord(runDir, {
    ...identity,
    name: server.name,
    role: 'server',
    port: server.port,
    logFile: server.logFile,
    stopSignal: server.stopSignal,
    stopTimeoutMs: serverStopTimeoutMs,
    sinceMs: Date.now(),
    restarts: 0,
  });
};

interface Servers {
  readonly variables: StackVariables;
  readonly letGo: () => void;
}

const startServers = async (
  context: StackContext,
  logins: Logins | undefined,
  signal: AbortSignal,
): Promise<Servers> => {
  if (context.kind === 'external') {
    return { variables: externalVariables(context.environment), letGo: () => undefined };
  }
  const { settings, report } = context;
  const { data, logs, run } = foldersOf(context.root);
  const { variables, servers } = await startInfrastructure({
    ports: {
      kafka: settings.KAFKA_PORT,
      registry: settings.SCHEMA_REGISTRY_PORT,
      redis: settings.REDIS_PORT,
      postgres: settings.POSTGRES_PORT,
    },
    dataDir: data,
    logDir: logs,
    report,
    logins,
    sharesSession: true,
    signal,
  });
  servers.forEach((server) => recordServer(run, server));
  return { variables, letGo: () => servers.forEach((server) => server.letGo()) };
};

/** The supervisor is this program again, with the hidden command `supervise`. Gives back what lets it go. */
const startSupervisor = (
  context: StackContext,
  services: readonly ServiceCommand[],
  environment: NodeJS.ProcessEnv,
): (() => void) => {
  const { dist, logs, run } = foldersOf(context.root);
  mkdirSync(logs, { recursive: true });
  const logFile = join(logs, 'supervisor.log');
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [join(dist, 'stack', 'main.js'), 'supervise'], {
    env: environment,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (!identity) throw new StackError('The supervisor could not be started.');
  writeRecord(run, {
    ...identity,
    name: 'supervisor',
    role: 'supervisor',
    port: undefined,
    logFile,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: services.length * context.settings.SHUTDOWN_TIMEOUT,
    sinceMs: Date.now(),
    restarts: 0,
  });
  return tether(identity.pid, 'SIGTERM');
};

const startServices = async (
  context: StackContext,
  { variables, logins }: { readonly variables: StackVariables; readonly logins: Logins | undefined },
  signal: AbortSignal,
): Promise<() => void> => {
  const { environment, settings, root, report } = context;
  if (logins) writeLogins(foldersOf(root).logins, logins);
  const services = serviceCommands(settings, variables, foldersOf(root), logins);
  report(`Starting ${services.map(({ name }) => name).join(', ')}`);
  const letGo = startSupervisor(context, services, { ...environment, ...variables });
  const wait = { runDir: foldersOf(root).run, timeoutMs: readyTimeoutMs, signal };
  await Promise.all(
    services.map(async (service) => {
      await untilReady(service, wait);
      report(`${service.name} is ready on port ${service.port}`);
    }),
  );
  return letGo;
};

/** All ports are looked at before anything starts, so that a busy one costs no waiting. */
const claimServicePorts = async ({ settings, root }: StackContext): Promise<void> => {
  const none = { KAFKA_BROKERS: '', SCHEMA_REGISTRY_URL: '', REDIS_URL: '', DATABASE_URL: '' };
  for (const { port, portVariable } of serviceCommands(settings, none, foldersOf(root))) {
    await claimPort(port, portVariable);
  }
};

const startAll = async (context: StackContext, options: UpOptions): Promise<void> => {
  const { cache, data, run, variables: variablesFile } = foldersOf(context.root);
  if (!options.infrastructureOnly) await claimServicePorts(context);
  for (const folder of [cache, data]) mkdirSync(folder, { recursive: true });
  const logins = context.settings.STACK_ACCESS === 'enforced' ? await newLogins() : undefined;
  const servers = await startServers(context, logins, options.signal);
  const { variables } = servers;
  if (options.signal.aborted) throw new StackError('Interrupted.');
  const asBroker = logins && loginVariables(logins, brokerUser, variables.REDIS_URL);
  await deploy(context, { ...context.environment, ...variables, ...asBroker }, options.signal);
  const letServicesGo = options.infrastructureOnly
    ? () => undefined
    : await startServices(context, { variables, logins }, options.signal);
  mkdirSync(run, { recursive: true });
  writeFileSync(variablesFile, shellVariables(context.settings, variables), { mode: 0o600 });
  servers.letGo();
  letServicesGo();
};

/**
 * Starts everything that is not running and waits until it is ready; says so when all is running already. What it starts
 * stays in the session of this process, which should be one of its own: see own-session.ts.
 * @throws when something does not come up; what it had started is stopped by then.
 */
export const up = async (context: StackContext, options: UpOptions): Promise<void> => {
  const { run, variables } = foldersOf(context.root);
  const records = readRecords(run);
  if (records.length > 0) {
    if (records.every(isRunning)) {
      context.report('Already running:\n' + summary(context.settings, options.infrastructureOnly));
      return;
    }
    context.report('Stopping what is left of an earlier run');
    await stopRecordedProcesses(context);
  }
  const startedAtMs = performance.now();
  try {
    await startAll(context, options);
  } catch (error) {
    rmSync(variables, { force: true });
    if (readRecords(run).length > 0) {
      context.report('It did not start; stopping what had started');
      await stopRecordedProcesses(context);
    }
    throw error;
  }
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  context.report(`Up in ${seconds} s.\n${summary(context.settings, options.infrastructureOnly)}`);
};
