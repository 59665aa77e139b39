import { Argument, Command, CommanderError, Option } from 'commander';
import { ConfigError } from '../../chassis/config';
import { createLogAdmin } from '../../chassis/kafka/admin';
import { kafkaConnectionOf } from '../../chassis/kafka/connection';
import { InfrastructureError } from '../../chassis/kafka/log';
import { createLogReader } from '../../chassis/kafka/reader';
import { assemble, type Releasers } from '../../chassis/lifecycle';
import { silentLog } from '../../chassis/log';
import { isPostgresTrouble } from '../../chassis/postgres-trouble';
import { viewsToday } from '../../migrations/views/today';
import type { ViewName } from '../../migrations/views/view-shape';
import type { Outcome, RebuildCommands } from '../rebuild/commands';
import { describeLag, readLag } from '../rebuild/lag';
import { describeStatus, readStatus } from '../rebuild/status';
import { StalledError } from '../rebuild/rebuilder';
import { readConfig } from './config';
import { openPool, openRebuild } from './open-rebuild';
import { createProgressScreen, type ProgressScreen } from './progress-line';

/**
 * Rebuilds a view from the log while the live one is read and written.
 * Exit codes: 0 done, 1 failed, 3 refused or different, 4 stalled, 64 wrong call, 75 a server does not answer, 78 bad
 * environment.
 */
const exitCodes = {
  done: 0,
  failed: 1,
  refused: 3,
  stalled: 4,
  usage: 64,
  unavailable: 75,
  config: 78,
} as const;

type Work = (rebuild: RebuildCommands, screen: ProgressScreen) => Promise<Outcome>;

const closeTimeoutMs = 5_000;

const show = (outcome: Outcome, screen: ProgressScreen): number => {
  switch (outcome.kind) {
    case 'done':
      screen.line(outcome.summary);
      return exitCodes.done;
    case 'refused':
      screen.line(`refused: ${outcome.why}`);
      return exitCodes.refused;
    case 'different':
      screen.line('different: the built view does not hold what the live one holds');
      for (const report of outcome.report) {
        const { dataset, live_rows: live, built_rows: built, equal } = report;
        screen.line(`  ${equal ? 'equal    ' : 'DIFFERENT'} ${dataset}: ${live} rows live, ${built} built`);
        for (const difference of report.differences) screen.line(`    ${JSON.stringify(difference)}`);
      }
      return exitCodes.refused;
  }
};

/** The first Ctrl-C ends the work at a place from which `start` goes on. */
const interruptSignal = (): AbortSignal => {
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  process.once('SIGTERM', () => interrupt.abort());
  return interrupt.signal;
};

const within = async (work: (releasers: Releasers) => Promise<number>): Promise<number> =>
  assemble(silentLog, closeTimeoutMs, async (releasers) => {
    const code = await work(releasers);
    await releasers.releaseAll();
    return code;
  });

const run = async (view: ViewName, work: Work): Promise<number> => {
  const screen = createProgressScreen(process.stdout);
  const signal = interruptSignal();
  try {
    return await within(async (releasers) => {
      const { rebuild } = await openRebuild(readConfig(process.env), view, {
        log: silentLog,
        releasers,
        onProgress: (progress) => screen.show(progress),
        say: (line) => screen.line(line),
        signal,
      });
      return show(await work(rebuild, screen), screen);
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    screen.line('interrupted: start again to go on from here');
    return exitCodes.failed;
  }
};

/** All of it, up to the switch; stops at the first step that is not done. */
const runAll = (acceptsDifferences: boolean): Work => {
  return async (rebuild, screen) => {
    const built = await rebuild.start();
    if (built.kind !== 'done') return built;
    screen.line(built.summary);
    if (!acceptsDifferences) {
      const verified = await rebuild.verify();
      if (verified.kind !== 'done') return verified;
      screen.line(verified.summary);
    }
    return rebuild.switch(acceptsDifferences);
  };
};

const status = (view: ViewName, asJson: boolean): Promise<number> =>
  within(async (releasers) => {
    const config = readConfig(process.env);
    const pool = await openPool(config, silentLog, releasers);
    const connection = kafkaConnectionOf(config, 'replay', silentLog);
    const admin = createLogAdmin(connection);
    releasers.add('kafka admin', () => admin.stop());
    const nowMs = Date.now();
    const found = await readStatus(pool, viewsToday[view], nowMs);
    const behind = await readLag(
      { pool, admin, reader: createLogReader(connection), nowMs },
      viewsToday[view],
    );
    const text = asJson
      ? JSON.stringify({ ...found, behind }, null, 2)
      : [...describeStatus(found), ...describeLag(behind)].join('\n');
    process.stdout.write(`${text}\n`);
    return found.is_stalled ? exitCodes.stalled : exitCodes.done;
  });

const viewArgument = (): Argument => new Argument('<view>', 'which view').choices(Object.keys(viewsToday));
const acceptOption = (): Option =>
  new Option('--accept-diff', 'switch although the views differ or were not compared').default(false);

interface Accept {
  readonly acceptDiff: boolean;
}

const createProgram = (exit: (code: number) => void): Command => {
  const program = new Command('replay')
    .description('Rebuilds a view from the log while the live one is read.')
    .exitOverride();
  const command = (name: string, description: string): Command =>
    program.command(name).description(description).addArgument(viewArgument());
  command('run', 'start, verify and switch')
    .addOption(acceptOption())
    .action(async (view: ViewName, { acceptDiff }: Accept) => exit(await run(view, runAll(acceptDiff))));
  command('start', 'build the view beside the live one, or go on with that').action(async (view: ViewName) =>
    exit(await run(view, (rebuild) => rebuild.start())),
  );
  command('status', 'how far a rebuild is')
    .option('--json', 'as JSON', false)
    .action(async (view: ViewName, { json }: { json: boolean }) => exit(await status(view, json)));
  command('verify', 'compare the built view with the live one at equal offsets').action(
    async (view: ViewName) => exit(await run(view, (rebuild) => rebuild.verify())),
  );
  command('switch', 'let readers see the built view')
    .addOption(acceptOption())
    .action(async (view: ViewName, { acceptDiff }: Accept) =>
      exit(await run(view, (rebuild) => rebuild.switch(acceptDiff))),
    );
  command('rollback', 'let readers see the former view again').action(async (view: ViewName) =>
    exit(await run(view, (rebuild) => rebuild.rollback())),
  );
  command('drop', 'remove what stands beside the live view').action(async (view: ViewName) =>
    exit(await run(view, (rebuild) => rebuild.drop())),
  );
  return program;
};

const codeOf = (error: unknown): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (error instanceof ConfigError) return exitCodes.config;
  if (error instanceof StalledError) return exitCodes.stalled;
  if (error instanceof InfrastructureError || isPostgresTrouble(error)) return exitCodes.unavailable;
  return exitCodes.failed;
};

const fail = (error: unknown): void => {
  process.exitCode = codeOf(error);
  if (error instanceof CommanderError) return;
  const label = error instanceof StalledError ? 'STALLED: ' : '';
  process.stderr.write(`${label}${error instanceof Error ? error.message : String(error)}\n`);
};

createProgram((code) => {
  process.exitCode = code;
})
  .parseAsync()
  .catch(fail)
  // A stalled rebuild leaves behind what hangs on a silent server; that must not keep the process.
  .finally(() => process.exit());
