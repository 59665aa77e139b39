import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { rmSync } from 'node:fs';
import { eventually } from '../tests/support/eventually';
import { leadsSession } from '../tests/support/leads-session';
import { temporaryFolder } from '../tests/support/temporary-folder';
import { isRunning } from './process-identity';
import { readRecords, type RunRecord } from './run-records';
import type { ServiceCommand } from './services';
import type { Niceness } from './settings';
import { supervise, type Supervisor } from './supervise';

const folder = temporaryFolder();
const supervisors: Supervisor[] = [];
afterAll(async () => {
  await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
  rmSync(folder, { recursive: true, force: true });
});

const service = (name: string, script: string, niceness: Niceness = 0): ServiceCommand => {
  const main = join(folder, `${name}.js`);
  writeFileSync(main, script);
  const environment = { GREETING: 'hello' };
  return { name, port: 1, portVariable: 'SAGA_PORT', args: [main], environment, niceness };
};

const start = (name: string, services: readonly ServiceCommand[], stopTimeoutMs = 5000) => {
  const runDir = join(folder, name, 'run');
  const logDir = join(folder, name, 'logs');
  const lines: string[] = [];
  const report = (line: string): void => void lines.push(line);
  const supervisor = supervise(services, { runDir, logDir, environment: process.env, stopTimeoutMs, report });
  supervisors.push(supervisor);
  const record = (of: string): RunRecord => {
    const found = readRecords(runDir).find((one) => one.name === of);
    if (!found) throw new Error(`no record of ${of}`);
    return found;
  };
  return { supervisor, record, lines, log: (of: string) => readFileSync(join(logDir, `${of}.log`), 'utf8') };
};

const stays = 'console.log(process.env.GREETING); setInterval(() => {}, 1000);';
const tellsItsPriority = `console.log('process', process.pid, 'priority', require('os').getPriority()); ${stays}`;
const ignoresTerm = "process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1000);";
const stopsNoting = (file: string, name: string): string =>
  `process.on('SIGTERM', () => { require('fs').appendFileSync(${JSON.stringify(file)}, '${name} '); process.exit(0); });
   console.log('up'); setInterval(() => {}, 1000);`;

test('a service that is killed runs again, as another process, and its record says so', async () => {
  const { record } = start('killed', [service('stays', stays)]);
  const first = await eventually(() => record('stays'));
  process.kill(first.pid, 'SIGKILL');
  const second = await eventually(() => {
    const found = record('stays');
    expect(found.restarts).toBe(1);
    return found;
  });
  expect(second.pid).not.toBe(first.pid);
  expect(isRunning(first)).toBe(false);
  expect(isRunning(second)).toBe(true);
});

test('a service that steps back does so by as much as it is told, under the id that its record names', async () => {
  const own = getPriority();
  const { record, log } = start('nice', [service('follows', tellsItsPriority, 3)]);
  const { pid } = await eventually(() => {
    expect(log('follows')).toContain(`priority ${Math.min(19, own + 3)}`);
    return record('follows');
  });
  expect(log('follows')).toContain(`process ${pid} `);
});

test('a service that steps back stays in the session of its supervisor, where alone that counts', async () => {
  const { record } = start('session', [service('stays-there', stays, 3)]);
  const { pid } = await eventually(() => record('stays-there'));
  expect(leadsSession(pid)).toBe(false);
});

test('a service gets its own environment, and its output goes to its log', async () => {
  const { log } = start('environment', [service('greets', stays)]);
  await eventually(() => expect(log('greets')).toContain('hello'));
});

test('a service whose settings are wrong stays down', async () => {
  const { lines } = start('settings', [service('misconfigured', 'process.exit(78)')]);
  await eventually(() =>
    expect(lines).toEqual(['misconfigured ended with code 78: its settings are wrong, it stays down']),
  );
});

test('services stop last started first, and leave no record', async () => {
  const order = join(folder, 'order.txt');
  const { supervisor, record, log } = start('order', [
    service('first', stopsNoting(order, 'first')),
    service('second', stopsNoting(order, 'second')),
  ]);
  await eventually(() => {
    expect(log('first')).toContain('up');
    expect(log('second')).toContain('up');
  });
  await supervisor.stop();
  expect(readFileSync(order, 'utf8')).toBe('second first ');
  expect(() => record('first')).toThrow('no record');
});

test('a service that does not stop is killed after its deadline', async () => {
  const { supervisor, record, log } = start('deaf', [service('deaf', ignoresTerm)], 200);
  await eventually(() => expect(log('deaf')).toContain('deaf'));
  const running = record('deaf');
  await supervisor.stop();
  expect(isRunning(running)).toBe(false);
  expect(existsSync(join(folder, 'deaf', 'run', 'deaf.json'))).toBe(false);
});
