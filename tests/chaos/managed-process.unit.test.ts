import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { ManagedProcess } from './managed-process';

describe('a process', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'managed-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const retire = async (code: number, takesMs: number, withinMs: number): Promise<readonly boolean[]> => {
    const main = join(folder, 'main.js');
    const onTerm = `process.on('SIGTERM', () => setTimeout(() => process.exit(${code}), ${takesMs}))`;
    writeFileSync(main, `${onTerm}; setInterval(() => undefined, 1000); console.log('up')`);
    const logFile = join(folder, 'log');
    const planned: boolean[] = [];
    const plan = { name: 'one', main, port: 0, environment: process.env, logFile, failpointFile: '' };
    const one = new ManagedProcess(plan, { onExit: (exit) => planned.push(exit.planned) });
    one.launch();
    await eventually(() => expect(readFileSync(logFile, 'utf8')).toContain('up'));
    await one.retire(withinMs);
    await one.hold();
    return planned;
  };

  it('that ends by itself while it is armed to die at a step has not ended as planned', async () => {
    const main = join(folder, 'main.js');
    writeFileSync(
      main,
      `process.on('SIGUSR2', () => process.exit(1)); setInterval(() => undefined, 1000); console.log('up')`,
    );
    const logFile = join(folder, 'log');
    const planned: boolean[] = [];
    const failpointFile = join(folder, 'failpoint');
    const plan = { name: 'one', main, port: 0, environment: process.env, logFile, failpointFile };
    const one = new ManagedProcess(plan, { onExit: (exit) => planned.push(exit.planned) });
    one.launch();
    await eventually(() => expect(readFileSync(logFile, 'utf8')).toContain('up'));
    one.arm('step@1');
    await one.ended(10_000);
    await one.hold();
    expect(planned[0]).toBe(false);
  });

  it('that is asked to leave ends as planned with code 0 and in time', async () => {
    expect(await retire(0, 0, 20_000)).toEqual([true]);
  });

  it('that is asked to leave counts as ended unexpectedly with another code', async () => {
    expect(await retire(3, 0, 20_000)).toEqual([false]);
  });

  it('that is asked to leave counts as ended unexpectedly when it is late', async () => {
    expect(await retire(0, 100, 50)).toEqual([false]);
  });
});
