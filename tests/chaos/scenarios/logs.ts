import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ManagedProcess } from '../managed-process';
import type { Scenario, Stage } from '../scenario';
import { during, goesOn } from './during';

/** A pipe whose reader has stopped: it takes no further byte, and nobody is told. */
interface StoppedReader {
  readonly output: number;
  /** The reader dies: from now on each write fails with EPIPE. */
  die(): void;
}

const stoppedReader = (file: string): StoppedReader => {
  execFileSync('mkfifo', [file]);
  const reader = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  const output = openSync(file, constants.O_WRONLY | constants.O_NONBLOCK);
  rmSync(file);
  try {
    for (;;) writeSync(output, Buffer.alloc(4096, '\n'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  }
  return { output, die: () => closeSync(reader) };
};

/** A service says little while all is well; what it says about lost connections has to go somewhere. */
const giveThemWords = async ({ system, wait }: Stage): Promise<void> => {
  const { sagaRedis, apiRedis, projectorPostgres } = system.links;
  for (let round = 0; round < 3; round += 1) {
    for (const link of [sagaRedis, apiRedis, projectorPostgres]) link.cut();
    await wait(1_500);
  }
};

const startAgainWith = async (process: ManagedProcess, output: number | undefined): Promise<void> => {
  process.replan({ output });
  await process.kill('SIGTERM');
  await process.ready();
};

const nobodyReadsLogs: Scenario = {
  id: 'F30',
  title: 'the reader of the logs of every saga, projector and command API stops for 8 s, and then dies',
  bound: 'nobody ends; accepted and decided all the time, within 2 s and 5 s',
  act: async (stage) => {
    const { system } = stage;
    const services = (['saga', 'projector', 'command-api'] as const).flatMap((role) =>
      system.instances(role),
    );
    const reader = stoppedReader(join(system.folder, 'full.pipe'));
    await Promise.all(services.map((service) => startAgainWith(service, reader.output)));
    closeSync(reader.output);
    const bounds = { sinceFault: goesOn({ accepting: 2_000, deciding: 5_000 }) };
    await during(stage, 'nobody reads logs', bounds, async () => {
      await giveThemWords(stage);
      await stage.wait(3_500);
    });
    await during(stage, 'the reader of logs has died', bounds, async () => {
      reader.die();
      await giveThemWords(stage);
      await stage.wait(3_500);
    });
    await Promise.all(services.map((service) => startAgainWith(service, undefined)));
  },
};

export const logReaderScenarios: readonly Scenario[] = [nobodyReadsLogs];
