import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import type { ManagedProcess } from '../managed-process';
import type { Scenario, Stage } from '../scenario';
import { rightClock, skewClock } from './catalogue';
import { during, goesOn } from './during';

const hourMs = 3_600_000;

const wrongClocks: Scenario = {
  id: 'F21',
  title:
    'one saga is an hour ahead, one API an hour behind; a projector’s clock jumps by 10 min while it runs',
  bound: 'accepted and decided all the time, within 2 s and 12 s; no decision differs',
  mayExitWith: [70, 72],
  act: async (stage) => {
    const skewed = [
      ['saga-1', { skewMs: hourMs }],
      ['command-api-1', { skewMs: -hourMs }],
      ['projector-1', { jumpMs: 600_000, jumpAfterMs: 5_000 }],
    ] as const;
    const bounds = { sinceFault: goesOn({ accepting: 2_000, deciding: 12_000 }) };
    await during(stage, 'wrong clocks', bounds, async () => {
      for (const [name, skew] of skewed) await skewClock(stage.system.instance(name), skew);
      await stage.wait(12_000);
    });
    for (const [name] of skewed) await rightClock(stage.system.instance(name));
  },
};

/** Opens `count` connections that say nothing, and closes them after `lastMs`. */
const crowd = async (stage: Stage, process: ManagedProcess, count: number, lastMs: number): Promise<void> => {
  const sockets = Array.from({ length: count }, () => {
    const socket = net.connect(process.port, '127.0.0.1');
    socket.on('error', () => undefined);
    return socket;
  });
  await Promise.race([Promise.all(sockets.map((socket) => once(socket, 'connect'))), stage.wait(3_000)]);
  await stage.wait(lastMs);
  for (const socket of sockets) socket.destroy();
};

/** The soft limit only: who may not raise the hard one could not take it back. */
const setFilesMax = (process: ManagedProcess, count: number): void =>
  void execFileSync('prlimit', [`--pid=${process.pid}`, `--nofile=${count}:`]);

const fewDescriptors: Scenario = {
  id: 'F31',
  title: 'an API may open 128 files, and 2,000 clients connect to it and say nothing',
  bound: 'it does not end; orders are accepted by the other one within 1 s, by it within 5 s after',
  act: async (stage) => {
    const api = stage.system.instance('command-api-1');
    setFilesMax(api, 128);
    const bounds = { sinceFault: goesOn({ accepting: 1_000 }), sinceHeal: { accepting_ms: 5_000 } };
    await during(stage, 'a crowd at command-api-1', bounds, () => crowd(stage, api, 2_000, 8_000));
    await api.ready(10_000);
    setFilesMax(api, 1_024);
  },
};

export const limitScenarios: readonly Scenario[] = [wrongClocks, fewDescriptors];
