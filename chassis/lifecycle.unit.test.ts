import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { assemble, Releasers } from './lifecycle';
import { silentLog, type Log } from './log';

describe('Releasers', () => {
  it('release in the reverse order of acquisition', async () => {
    const released: string[] = [];
    const releasers = new Releasers(silentLog, 1_000);
    for (const name of ['log', 'redis', 'http']) releasers.add(name, () => void released.push(name));
    await releasers.releaseAll();
    expect(released).toEqual(['http', 'redis', 'log']);
  });

  it('release each thing once, however often they are asked', async () => {
    const release = jest.fn();
    const releasers = new Releasers(silentLog, 1_000);
    releasers.add('redis', release);
    await Promise.all([releasers.releaseAll(), releasers.releaseAll()]);
    expect(release).toHaveBeenCalledTimes(1);
  });

  it('go on when one fails or hangs, and say which', async () => {
    const warnings: string[] = [];
    const log: Log = { ...silentLog, warn: (message) => void warnings.push(message) };
    const last = jest.fn();
    const releasers = new Releasers(log, 200);
    releasers.add('last', last);
    releasers.add('hanging', () => new Promise<void>(() => undefined));
    releasers.add('failing', () => Promise.reject(new Error('no')));
    await releasers.releaseAll();
    expect(last).toHaveBeenCalled();
    expect(warnings).toEqual(['failing did not close cleanly', 'hanging did not close cleanly']);
  });
});

describe('assemble', () => {
  it('releases what was acquired when a later step fails', async () => {
    const release = jest.fn();
    const building = assemble(silentLog, 1_000, async (releasers) => {
      releasers.add('redis', release);
      throw new Error('the port is in use');
    });
    await expect(building).rejects.toThrow('the port is in use');
    expect(release).toHaveBeenCalledTimes(1);
  });

  it('builds no further once it was released', async () => {
    const releasers = new Releasers(silentLog, 1_000);
    await releasers.releaseAll();
    expect(() => releasers.add('http server', () => undefined)).toThrow('stopped before http server');
  });
});

describe('a process whose settings are wrong', () => {
  const program = `
    const { runMain } = require('./chassis/lifecycle.ts');
    const { readSettings } = require('./chassis/config.ts');
    const { processSettings } = require('./chassis/settings.ts');
    runMain('saga', { PORT: 'abc' }, (environment) => readSettings(processSettings(1), environment));`;

  it('names the setting, without a stack, and leaves with 78', async () => {
    const child = spawn(process.execPath, ['-r', './tests/support/run-typescript.js', '-e', program], {
      cwd: join(__dirname, '..'),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    expect(await once(child, 'close')).toEqual([78, null]);
    expect(JSON.parse(said)).toMatchObject({ message: expect.stringContaining('PORT must be a number') });
    expect(said).not.toContain('detail');
  });
});

describe('a process that is told to stop while it starts', () => {
  const program = `
    const { assemble, runMain } = require('./chassis/lifecycle.ts');
    const { silentLog } = require('./chassis/log.ts');
    runMain('saga', {}, () =>
      assemble(silentLog, 5_000, async (releasers) => {
        releasers.add('a group that does not come together', () => process.send('left'));
        setTimeout(() => undefined, 60_000);
        process.send('joining');
        await new Promise(() => undefined);
      }));`;

  it('releases what it has and leaves with code 0, whatever it is waiting for', async () => {
    const child = spawn(process.execPath, ['-r', './tests/support/run-typescript.js', '-e', program], {
      cwd: join(__dirname, '..'),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const said: unknown[] = [];
    const exited = once(child, 'exit');
    try {
      child.on('message', (word) => {
        said.push(word);
        if (word === 'joining') child.kill('SIGTERM');
      });
      expect(await exited).toEqual([0, null]);
      expect(said).toEqual(['joining', 'left']);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('a process whose log nobody reads any more', () => {
  const program = `
    const { runMain } = require('./chassis/lifecycle.ts');
    const { createLog } = require('./chassis/log.ts');
    const log = createLog('saga', 'info');
    let lines = 0;
    runMain('saga', {}, async () => {
      const timer = setInterval(() => {
        log.info('x'.repeat(1_000));
        process.send(++lines);
      }, 1);
      return { url: '', stop: async () => clearInterval(timer) };
    });`;

  it('goes on when the reader has died, and leaves with code 0 when asked', async () => {
    const child = spawn(process.execPath, ['-r', './tests/support/run-typescript.js', '-e', program], {
      cwd: join(__dirname, '..'),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const exited = once(child, 'exit');
    const nextLine = (): Promise<unknown> => Promise.race([once(child, 'message'), exited]);
    try {
      await nextLine();
      child.stdout?.destroy();
      child.stderr?.destroy();
      for (let more = 0; more < 100; more += 1) await nextLine();
      child.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
