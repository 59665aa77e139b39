import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../tests/support/eventually';
import { temporaryFolder } from '../tests/support/temporary-folder';
import { identify, isRunning } from './process-identity';
import { readRecords, removeRecord, stopRecorded, writeRecord, type RunRecord } from './run-records';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const startProcess = (script: string): RunRecord => {
  const child = spawn('sh', ['-c', script], { stdio: 'ignore' });
  const identity = identify(child.pid ?? 0);
  if (!identity) throw new Error('it does not run');
  return {
    ...identity,
    name: 'sleeper',
    role: 'server',
    port: undefined,
    logFile: 'none',
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 300,
    sinceMs: 0,
    restarts: 0,
  };
};

test('a process of another time with the same number is left alone', async () => {
  const record = startProcess('exec sleep 30');
  const earlier = { ...record, startedAt: '1' };
  expect(await stopRecorded(earlier)).toBe('was not running');
  expect(isRunning(record)).toBe(true);
  expect(await stopRecorded(record)).toBe('stopped');
});

test('one that ignores its stop signal is killed', async () => {
  const ready = join(folder, 'trap-is-set');
  const record = startProcess(`trap '' TERM; touch '${ready}'; while :; do sleep 1; done`);
  await eventually(() => expect(existsSync(ready)).toBe(true));
  expect(await stopRecorded({ ...record, stopTimeoutMs: 100 })).toBe('killed');
  expect(isRunning(record)).toBe(false);
});

test('one that was halted stops as well', async () => {
  const record = startProcess('exec sleep 30');
  process.kill(record.pid, 'SIGSTOP');
  expect(await stopRecorded({ ...record, stopTimeoutMs: 5000 })).toBe('stopped');
});

test('records come back oldest first, and go', () => {
  const record = startProcess('exec sleep 1');
  writeRecord(folder, { ...record, name: 'late', sinceMs: 2 });
  writeRecord(folder, { ...record, name: 'early', sinceMs: 1 });
  expect(readRecords(folder).map(({ name }) => name)).toEqual(['early', 'late']);
  removeRecord(folder, 'early');
  expect(readRecords(folder).map(({ name }) => name)).toEqual(['late']);
  expect(readRecords(`${folder}/never`)).toEqual([]);
});
