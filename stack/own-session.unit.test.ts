import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually } from '../tests/support/eventually';
import { leadsSession } from '../tests/support/leads-session';
import { identify } from './process-identity';

const typescript = ['-r', './tests/support/run-typescript.js', '-e'];
const launchers: ChildProcess[] = [];
afterAll(() => launchers.forEach((launcher) => launcher.kill('SIGKILL')));

/** A process that runs the program in a session of its own. The program has `onLauncherEnd`. */
const launch = (program: string) => {
  const inner = `const { onLauncherEnd } = require('./stack/own-session.ts'); ${program}`;
  const outer = `
    const { runInOwnSession } = require('./stack/own-session.ts');
    const args = ${JSON.stringify([...typescript, inner])};
    void runInOwnSession(args, process.env).then((code) => (process.exitCode = code));`;
  const launcher = spawn(process.execPath, [...typescript, outer], {
    cwd: join(__dirname, '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  launchers.push(launcher);
  let said = '';
  launcher.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const pid = (): Promise<number> =>
    eventually(() => {
      expect(said).toMatch(/^\d+\n/);
      return Number.parseInt(said, 10);
    });
  return { launcher, exited: once(launcher, 'exit'), closed: once(launcher.stdout, 'close'), pid };
};

const saysItsId = 'console.log(process.pid);';
const stays = 'setInterval(() => undefined, 1000);';

test('a program in its own session gives its exit code', async () => {
  const { exited } = launch('process.exitCode = 78;');
  expect(await exited).toEqual([78, null]);
});

test.each(['SIGINT', 'SIGTERM'] as const)('it is told of %s, which does not reach it', async (signal) => {
  const program = `process.on('${signal}', () => process.exit(3)); ${stays} ${saysItsId}`;
  const { launcher, exited, pid } = launch(program);
  expect(leadsSession(await pid())).toBe(true);
  launcher.kill(signal);
  expect(await exited).toEqual([3, null]);
});

test('one that a signal has ended is told as a shell tells it', async () => {
  const { exited, pid } = launch(`${stays} ${saysItsId}`);
  process.kill(await pid(), 'SIGKILL');
  expect(await exited).toEqual([137, null]);
});

test('it learns that its launcher has ended, even by SIGKILL, and nothing holds the output then', async () => {
  const { launcher, closed, pid } = launch(`onLauncherEnd(() => process.exit(0)); ${stays} ${saysItsId}`);
  const program = await pid();
  launcher.kill('SIGKILL');
  await closed;
  await eventually(() => expect(identify(program)).toBeUndefined());
});

test('it can stop in its own time when nobody reads what it says', async () => {
  const says = "setInterval(() => console.log('still here'), 10);";
  const stops = 'onLauncherEnd(() => setTimeout(() => process.exit(4), 100));';
  const { launcher, exited, pid } = launch(`${stops} ${saysItsId} ${says}`);
  await pid();
  launcher.stdout.destroy();
  expect(await exited).toEqual([4, null]);
});

test('to listen for the end of its launcher does not keep it running', async () => {
  const { exited } = launch('onLauncherEnd(() => process.exit(1));');
  expect(await exited).toEqual([0, null]);
});
