import { rmSync } from 'node:fs';
import { composeDown } from './compose';
import { isRunning } from './process-identity';
import { readRecords, removeRecord, stopRecorded, type RunRecord } from './run-records';
import { foldersOf, StackError, type StackContext } from './stack-context';

const stopAndTell = async (context: StackContext, record: RunRecord): Promise<void> => {
  const outcome = await stopRecorded(record);
  switch (outcome) {
    case 'does not end':
      throw new StackError(`${record.name} (pid ${record.pid}) does not end, even by SIGKILL.`);
    case 'was not running':
      break;
    case 'stopped':
    case 'killed':
      context.report(`${record.name} ${outcome}`);
  }
  removeRecord(foldersOf(context.root).run, record.name);
};

/**
 * Stops what `up` recorded: the supervisor with its services first, then services that lost their supervisor, then
 * the servers. Data stays.
 */
export const stopRecordedProcesses = async (context: StackContext): Promise<void> => {
  const { run, variables, logins } = foldersOf(context.root);
  const of = (role: RunRecord['role']): RunRecord[] =>
    readRecords(run).filter((record) => record.role === role);
  for (const record of of('supervisor')) await stopAndTell(context, record);
  for (const record of of('service').reverse()) await stopAndTell(context, record);
  await Promise.all(of('server').map((record) => stopAndTell(context, record)));
  for (const file of [variables, logins]) rmSync(file, { force: true });
};

/** Stops the stack of this checkout, wherever it runs. */
export const down = async (context: StackContext): Promise<void> => {
  const running = readRecords(foldersOf(context.root).run).filter(isRunning);
  await stopRecordedProcesses(context);
  if (context.kind === 'docker') composeDown(context, { removeData: false });
  else if (running.length === 0) context.report('Nothing is running.');
};

/** Stops the stack and removes its data and logs. What was downloaded stays, as it is fetched by exact version. */
export const clean = async (context: StackContext, removeData: (data: string) => void): Promise<void> => {
  await stopRecordedProcesses(context);
  if (context.kind === 'docker') composeDown(context, { removeData: true });
  const { data, logs, run, cache } = foldersOf(context.root);
  removeData(data);
  for (const folder of [data, logs, run, cache]) rmSync(folder, { recursive: true, force: true });
  context.report('Removed data and logs.');
};
