import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../stack/project-root';
import type { TestSystem } from './system';

export interface CliRun {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface CliOptions {
  readonly environment?: NodeJS.ProcessEnv;
}

/** The environment in which `flash-sale` finds a test's system. */
export const cliEnvironment = (system: TestSystem): NodeJS.ProcessEnv => ({
  ...process.env,
  ...system.infrastructure.variables,
  COMMAND_API_URL: system.commandUrl,
  QUERY_API_URL: system.queryUrl,
  SAGA_URL: system.process('saga').url,
  PROJECTOR_URL: system.process('projector').url,
  PAYMENT_JOURNAL_URL: system.journalUrl,
  ADMIN_TOKEN: system.adminToken,
});

const runProgram = (program: string, args: readonly string[], options: CliOptions): Promise<CliRun> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: projectRoot(),
      env: options.environment ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 120_000,
    });
    const written = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (written.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (written.err += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...written }));
  });

/** Runs the compiled `flash-sale` as an operator does and waits for its end. */
export const runCli = (args: readonly string[], options: CliOptions = {}): Promise<CliRun> =>
  runProgram(process.execPath, [join(projectRoot(), 'cli', 'flash-sale'), ...args], options);

/** Has the history checker judge a system as it is, by readers of its own. */
export const judgeLive = (system: TestSystem): Promise<CliRun> =>
  runProgram('python3', [join(projectRoot(), 'tests', 'checker'), 'live'], {
    environment: cliEnvironment(system),
  });
