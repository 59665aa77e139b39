"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const commander_1 = require("commander");
const config_1 = require("../../chassis/config");
const admin_1 = require("../../chassis/kafka/admin");
const connection_1 = require("../../chassis/kafka/connection");
const log_1 = require("../../chassis/kafka/log");
const reader_1 = require("../../chassis/kafka/reader");
const lifecycle_1 = require("../../chassis/lifecycle");
const log_2 = require("../../chassis/log");
const postgres_trouble_1 = require("../../chassis/postgres-trouble");
const today_1 = require("../../migrations/views/today");
const lag_1 = require("../rebuild/lag");
const status_1 = require("../rebuild/status");
const rebuilder_1 = require("../rebuild/rebuilder");
const config_2 = require("./config");
const open_rebuild_1 = require("./open-rebuild");
const progress_line_1 = require("./progress-line");
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
};
const closeTimeoutMs = 5_000;
const show = (outcome, screen) => {
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
                for (const difference of report.differences)
                    screen.line(`    ${JSON.stringify(difference)}`);
            }
            return exitCodes.refused;
    }
};
/** The first Ctrl-C ends the work at a place from which `start` goes on. */
const interruptSignal = () => {
    const interrupt = new AbortController();
    process.once('SIGINT', () => interrupt.abort());
    process.once('SIGTERM', () => interrupt.abort());
    return interrupt.signal;
};
const within = async (work) => (0, lifecycle_1.assemble)(log_2.silentLog, closeTimeoutMs, async (releasers) => {
    const code = await work(releasers);
    await releasers.releaseAll();
    return code;
});
const run = async (view, work) => {
    const screen = (0, progress_line_1.createProgressScreen)(process.stdout);
    const signal = interruptSignal();
    try {
        return await within(async (releasers) => {
            const { rebuild } = await (0, open_rebuild_1.openRebuild)((0, config_2.readConfig)(process.env), view, {
                log: log_2.silentLog,
                releasers,
                onProgress: (progress) => screen.show(progress),
                say: (line) => screen.line(line),
                signal,
            });
            return show(await work(rebuild, screen), screen);
        });
    }
    catch (error) {
        if (!signal.aborted)
            throw error;
        screen.line('interrupted: start again to go on from here');
        return exitCodes.failed;
    }
};
/** All of it, up to the switch; stops at the first step that is not done. */
const runAll = (acceptsDifferences) => {
    return async (rebuild, screen) => {
        const built = await rebuild.start();
        if (built.kind !== 'done')
            return built;
        screen.line(built.summary);
        if (!acceptsDifferences) {
            const verified = await rebuild.verify();
            if (verified.kind !== 'done')
                return verified;
            screen.line(verified.summary);
        }
        return rebuild.switch(acceptsDifferences);
    };
};
const status = (view, asJson) => within(async (releasers) => {
    const config = (0, config_2.readConfig)(process.env);
    const pool = await (0, open_rebuild_1.openPool)(config, log_2.silentLog, releasers);
    const connection = (0, connection_1.kafkaConnectionOf)(config, 'replay', log_2.silentLog);
    const admin = (0, admin_1.createLogAdmin)(connection);
    releasers.add('kafka admin', () => admin.stop());
    const nowMs = Date.now();
    const found = await (0, status_1.readStatus)(pool, today_1.viewsToday[view], nowMs);
    const behind = await (0, lag_1.readLag)({ pool, admin, reader: (0, reader_1.createLogReader)(connection), nowMs }, today_1.viewsToday[view]);
    const text = asJson
        ? JSON.stringify({ ...found, behind }, null, 2)
        : [...(0, status_1.describeStatus)(found), ...(0, lag_1.describeLag)(behind)].join('\n');
    process.stdout.write(`${text}\n`);
    return found.is_stalled ? exitCodes.stalled : exitCodes.done;
});
const viewArgument = () => new commander_1.Argument('<view>', 'which view').choices(Object.keys(today_1.viewsToday));
const acceptOption = () => new commander_1.Option('--accept-diff', 'switch although the views differ or were not compared').default(false);
const createProgram = (exit) => {
    const program = new commander_1.Command('replay')
        .description('Rebuilds a view from the log while the live one is read.')
        .exitOverride();
    const command = (name, description) => program.command(name).description(description).addArgument(viewArgument());
    command('run', 'start, verify and switch')
        .addOption(acceptOption())
        .action(async (view, { acceptDiff }) => exit(await run(view, runAll(acceptDiff))));
    command('start', 'build the view beside the live one, or go on with that').action(async (view) => exit(await run(view, (rebuild) => rebuild.start())));
    command('status', 'how far a rebuild is')
        .option('--json', 'as JSON', false)
        .action(async (view, { json }) => exit(await status(view, json)));
    command('verify', 'compare the built view with the live one at equal offsets').action(async (view) => exit(await run(view, (rebuild) => rebuild.verify())));
    command('switch', 'let readers see the built view')
        .addOption(acceptOption())
        .action(async (view, { acceptDiff }) => exit(await run(view, (rebuild) => rebuild.switch(acceptDiff))));
    command('rollback', 'let readers see the former view again').action(async (view) => exit(await run(view, (rebuild) => rebuild.rollback())));
    command('drop', 'remove what stands beside the live view').action(async (view) => exit(await run(view, (rebuild) => rebuild.drop())));
    return program;
};
const codeOf = (error) => {
    if (error instanceof commander_1.CommanderError)
        return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    if (error instanceof config_1.ConfigError)
        return exitCodes.config;
    if (error instanceof rebuilder_1.StalledError)
        return exitCodes.stalled;
    if (error instanceof log_1.InfrastructureError || (0, postgres_trouble_1.isPostgresTrouble)(error))
        return exitCodes.unavailable;
    return exitCodes.failed;
};
const fail = (error) => {
    process.exitCode = codeOf(error);
    if (error instanceof commander_1.CommanderError)
        return;
    const label = error instanceof rebuilder_1.StalledError ? 'STALLED: ' : '';
    process.stderr.write(`${label}${error instanceof Error ? error.message : String(error)}\n`);
};
createProgram((code) => {
    process.exitCode = code;
})
    .parseAsync()
    .catch(fail)
    // A stalled rebuild leaves behind what hangs on a silent server; that must not keep the process.
    .finally(() => process.exit());
//# sourceMappingURL=main.js.map