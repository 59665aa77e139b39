import { spawnSync } from 'node:child_process';
import { loopback } from './ports';
import { StackError, type StackContext } from './stack-context';
import { MissingToolError } from './tools';

const everyProfile = ['all', 'observability', 'tools', 'load'].flatMap((name) => ['--profile', name]);

const requireCompose = (): void => {
  if (spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' }).status !== 0) {
    throw new MissingToolError(
      'docker compose is missing: install Docker 25 or newer with its Compose plugin.',
    );
  }
};

const compose = (context: StackContext, args: readonly string[]): void => {
  requireCompose();
  const run = spawnSync('docker', ['compose', ...args], {
    cwd: context.root,
    env: {
      ...context.environment,
      ADMIN_TOKEN: context.settings.ADMIN_TOKEN,
    },
    stdio: 'inherit',
  });
  if (run.status !== 0) throw new StackError(`docker compose ${args.join(' ')} failed.`);
};

/** Builds the image and starts all containers of the system, or the servers alone; waits for their health checks. */
export const composeUp = (context: StackContext, infrastructureOnly: boolean): void => {
  const profile = ['--profile', infrastructureOnly ? 'infra' : 'all'];
  compose(context, [...profile, 'up', '--detach', '--wait', ...(infrastructureOnly ? [] : ['--build'])]);
};

export const composeDown = (context: StackContext, { removeData }: { removeData: boolean }): void =>
  compose(context, [...everyProfile, 'down', ...(removeData ? ['--volumes'] : [])]);

export const composePs = (context: StackContext): void => compose(context, [...everyProfile, 'ps', '--all']);

export const composeLogs = (context: StackContext, names: readonly string[], lines: number): void =>
  compose(context, [...everyProfile, 'logs', '--follow', '--tail', String(lines), ...names]);

/** What the host reaches of the containers; the ports are the published ones. */
export const composeVariables = ({ settings }: StackContext) => ({
  KAFKA_BROKERS: `${loopback}:${settings.KAFKA_PORT}`,
  SCHEMA_REGISTRY_URL: `http://${loopback}:${settings.SCHEMA_REGISTRY_PORT}`,
  REDIS_URL: `redis://${loopback}:${settings.REDIS_PORT}`,
  DATABASE_URL: `postgres://flash_sale:flash_sale@${loopback}:${settings.POSTGRES_PORT}/flash_sale`,
});
