import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { chooseStack, dockerAnswers } from './choose';
import { composeLogs, composePs } from './compose';
import { clean, down } from './down';
import { readLogins } from './logins';
import { onLauncherEnd, runInOwnSession } from './own-session';
import { removePostgresData } from './postgres';
import { projectRoot } from './project-root';
import { formatTable, processTable } from './ps';
import { fetchServers } from './server-files';
import { serviceCommands } from './services';
import { readStackSettings } from './settings';
import { foldersOf, StackError, type StackContext } from './stack-context';
import { supervise } from './supervise';
import { up } from './up';
import { upInDocker } from './up-docker';

const contextOf = (environment: NodeJS.ProcessEnv): StackContext => {
  const settings = readStackSettings(environment);
  return {
    root: projectRoot(),
    settings,
    environment,
    kind: chooseStack(settings.STACK, dockerAnswers),
    report: (line) => console.log(line),
  };
};

const onInterrupt = (act: () => void): void => {
  let asked = false;
  const interrupted = (): void => {
    if (asked) process.exit(130);
    asked = true;
    act();
  };
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', interrupted);
};

const runUp = async (context: StackContext, infrastructureOnly: boolean): Promise<void> => {
  if (context.settings.STACK_ACCESS === 'enforced' && context.kind !== 'local') {
    throw new StackError(`STACK_ACCESS=enforced is for STACK=local; this stack is ${context.kind}.`);
  }
  if (context.kind === 'docker') {
    upInDocker(context, infrastructureOnly);
    return;
  }
  const main = join(foldersOf(context.root).dist, 'stack', 'main.js');
  const again = [main, 'up-in-session', ...(infrastructureOnly ? ['--infra'] : [])];
  process.exitCode = await runInOwnSession(again, { ...context.environment, STACK: context.kind });
};

/** The rest of `up`, in the session that all of the stack shares; interrupted, too, when the outer part is killed. */
const runUpInSession = async (context: StackContext, infrastructureOnly: boolean): Promise<void> => {
  const abort = new AbortController();
  onInterrupt(() => abort.abort());
  onLauncherEnd(() => abort.abort());
  await up(context, { infrastructureOnly, signal: abort.signal });
};

const runPs = async (context: StackContext): Promise<void> => {
  if (context.kind === 'docker') {
    composePs(context);
    return;
  }
  const rows = await processTable(foldersOf(context.root).run, Date.now());
  console.log(rows.length === 0 ? 'Nothing is running. Start with: make up' : formatTable(rows));
};

interface LogOptions {
  readonly lines: number;
  readonly follow: boolean;
}

const runLogs = (context: StackContext, name: string | undefined, { lines, follow }: LogOptions): void => {
  if (context.kind === 'docker') {
    composeLogs(context, name === undefined ? [] : [name], lines);
    return;
  }
  const { logs } = foldersOf(context.root);
  const all = existsSync(logs) ? readdirSync(logs) : [];
  const files = all
    .filter((file) => name === undefined || file === `${name}.log`)
    .map((file) => join(logs, file));
  if (files.length === 0) throw new StackError(name === undefined ? 'No logs yet.' : `No log of ${name}.`);
  spawnSync('tail', ['-n', String(lines), ...(follow ? ['-F'] : []), ...files], { stdio: 'inherit' });
};

/** Runs until it is told to stop; started by `up` with the variables of the running servers. */
const runSupervisor = (context: StackContext): void => {
  const { settings, environment } = context;
  const folders = foldersOf(context.root);
  const read = (name: string): string => environment[name] ?? '';
  const variables = {
    KAFKA_BROKERS: read('KAFKA_BROKERS'),
    SCHEMA_REGISTRY_URL: read('SCHEMA_REGISTRY_URL'),
    REDIS_URL: read('REDIS_URL'),
    DATABASE_URL: read('DATABASE_URL'),
  };
  const services = serviceCommands(settings, variables, folders, readLogins(folders.logins));
  const supervisor = supervise(services, {
    runDir: folders.run,
    logDir: folders.logs,
    environment,
    stopTimeoutMs: settings.SHUTDOWN_TIMEOUT,
    report: (line) => console.log(`${new Date().toISOString()} ${line}`),
  });
  onInterrupt(() => void supervisor.stop().then(() => process.exit(0)));
};

const lineCount = (text: string): number => {
  const lines = Number(text);
  if (!Number.isSafeInteger(lines) || lines < 0) throw new InvalidArgumentError('It must be a whole number.');
  return lines;
};

/** The launcher's commands. A failure rejects; its message is meant for the person who typed the command. */
export const runCli = async (argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> => {
  const program = new Command('stack').description('The servers and services of this checkout');
  program
    .command('up')
    .description('start what is not running and wait until it is ready')
    .option('--infra', 'only Kafka, Schema Registry, Redis and PostgreSQL', false)
    .action((options: { infra: boolean }) => runUp(contextOf(environment), options.infra));
  program
    .command('down')
    .description('stop it; data stays')
    .action(() => down(contextOf(environment)));
  program
    .command('clean')
    .description('stop it and remove its data and logs')
    .action(() => clean(contextOf(environment), (data) => removePostgresData(join(data, 'postgres'))));
  program
    .command('ps')
    .description('show its processes')
    .action(() => runPs(contextOf(environment)));
  program
    .command('logs [name]')
    .description('show the end of the logs and what is added')
    .option('-n, --lines <count>', 'how many lines to begin with', lineCount, 50)
    .option('--no-follow', 'end after those lines')
    .action((name: string | undefined, options: LogOptions) =>
      runLogs(contextOf(environment), name, options),
    );
  program
    .command('fetch')
    .description('download the servers, unless they are here')
    .action(async () => {
      await fetchServers((line) => console.log(line));
    });
  program
    .command('up-in-session', { hidden: true })
    .option('--infra', '', false)
    .action((options: { infra: boolean }) => runUpInSession(contextOf(environment), options.infra));
  program
    .command('supervise', { hidden: true })
    .action(() => runSupervisor(contextOf({ ...environment, STACK: 'external' })));
  await program.parseAsync(argv, { from: 'user' });
};
