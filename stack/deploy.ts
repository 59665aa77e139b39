import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { logTail } from './server-process';
import { deploySteps } from './services';
import { foldersOf, StackError, type StackContext } from './stack-context';

/** A migration may rewrite a table of millions. */
const stepTimeoutMs = 15 * 60_000;

const runStep = async (
  context: StackContext,
  step: (typeof deploySteps)[number],
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<void> => {
  const { dist, logs } = foldersOf(context.root);
  const main = join(dist, step.main);
  if (!existsSync(main)) throw new StackError(`${main} is missing: run \`make build\` first.`);
  const logFile = join(logs, `deploy-${step.name}.log`);
  mkdirSync(logs, { recursive: true });
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [main, ...step.args], {
    env: environment,
    stdio: ['ignore', log, log],
    timeout: stepTimeoutMs,
    signal,
  });
  closeSync(log);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) {
    throw new StackError(`Deploying ${step.does} failed. The end of ${logFile}:\n${logTail(logFile)}`);
  }
  context.report(`deployed ${step.does}`);
};

/**
 * Makes the tables, the topics and the schemas, at once; all of it may be there already.
 * @throws the first failure; the other step is ended then, because it would wait for servers that are being stopped.
 */
export const deploy = async (
  context: StackContext,
  environment: NodeJS.ProcessEnv,
  interrupted: AbortSignal,
): Promise<void> => {
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, interrupted]);
  try {
    await Promise.all(deploySteps.map((step) => runStep(context, step, environment, signal)));
  } catch (error) {
    failed.abort();
    throw error;
  }
};
