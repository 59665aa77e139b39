"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.runScenario = exports.replayOf = exports.paceOf = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const deadline_1 = require("../../chassis/deadline");
const audit_sampler_1 = require("./audit-sampler");
const buyers_1 = require("./buyers");
const cool_down_1 = require("./cool-down");
const chaos_system_1 = require("./chaos-system");
const commit_1 = require("./commit");
const exits_1 = require("./exits");
const history_1 = require("./history");
const plot_1 = require("./plot");
const random_1 = require("./random");
const resource_sampler_1 = require("./resource-sampler");
const run_folder_1 = require("./run-folder");
const settle_1 = require("./settle");
const shop_1 = require("./shop");
const timeline_1 = require("./timeline");
const verdict_1 = require("./verdict");
const ordersPerSecondDefault = 150;
const warmUpDefaultMs = 5_000;
const coolDownDefaultMs = 8_000;
const settleDefaultMs = 60_000;
/** For stock: how long a scenario acts is not known before. */
const actExpectedMs = 20_000;
const recordTtlDefaultMs = 48 * 3_600_000;
/** Orders a second. */
const paceOf = ({ ordersPerSecond, scenario, }) => ordersPerSecond ?? scenario.ordersPerSecond ?? ordersPerSecondDefault;
exports.paceOf = paceOf;
/** How to see the same faults again. */
const replayOf = ({ id, seconds }, seed, ordersPerSecond) => {
    const lasting = seconds === undefined ? '' : ` MINUTES=${seconds / 60}`;
    return `make chaos SCENARIO=${id} SEED=${seed} RATE=${ordersPerSecond}${lasting}`;
};
exports.replayOf = replayOf;
const describe = (options) => ({
    scenario: options.scenario.id,
    seed: options.seed,
    commit: (0, commit_1.commitOf)(options.root),
    node: process.version,
    started_at: Date.now(),
    orders_per_second: (0, exports.paceOf)(options),
    record_ttl_ms: options.scenario.recordTtlMs ?? recordTtlDefaultMs,
    replay: (0, exports.replayOf)(options.scenario, options.seed, (0, exports.paceOf)(options)),
    ...(options.scenario.decidedP99Ms === undefined ? {} : { decided_p99_ms: options.scenario.decidedP99Ms }),
});
/** Buys, breaks, heals and buys on. */
const perform = async ({ options, system, folder, history, timeline, random }) => {
    const { scenario, print } = options;
    const ordersPerSecond = (0, exports.paceOf)(options);
    const warmUpMs = scenario.warmUpMs ?? warmUpDefaultMs;
    const coolDownMs = scenario.coolDownMs ?? coolDownDefaultMs;
    const prefix = scenario.id.toLowerCase().replaceAll('+', '-');
    const ordersExpected = (ordersPerSecond * (warmUpMs + actExpectedMs + coolDownMs)) / 1000;
    const shop = (0, shop_1.createShop)({ system, history, random: random.fork('shop'), prefix, ordersExpected });
    const buyers = (0, buyers_1.createBuyers)({
        history,
        random: random.fork('buyers'),
        ordersPerSecond,
        items: shop.items,
        commands: () => system.instances('command-api'),
        queries: () => system.instances('query-api'),
        prefix,
    });
    const stage = {
        system,
        timeline,
        random: random.fork('nemesis'),
        buyers,
        shop,
        history,
        wait: deadline_1.pause,
    };
    const stopResources = (0, resource_sampler_1.startResourceSampler)(() => system.all(), folder);
    const sampler = (0, audit_sampler_1.startAuditSampler)(system.direct.REDIS_URL, system.saleId, folder);
    await shop.open();
    buyers.start();
    shop.restock();
    try {
        await (0, cool_down_1.warmUp)(warmUpMs, scenario.coolsDownEarly === true ? (0, cool_down_1.isBack)(history, ordersPerSecond) : cool_down_1.always);
        await scenario.act(stage);
        await (0, cool_down_1.coolDown)(coolDownMs, scenario.coolsDownEarly === true ? (0, cool_down_1.isBack)(history, ordersPerSecond) : cool_down_1.never);
    }
    finally {
        await Promise.all([buyers.stop(), shop.close()]);
        await sampler.stop();
        stopResources();
    }
    print(`  ${buyers.ordersPlaced} orders; ${JSON.stringify(history.counts())}`);
};
/** A planted bug stands in for the service's own test entry point. */
const entriesOf = ({ scenario, root, planted }) => {
    const folder = (0, node_path_1.join)(root, 'dist', 'tests', 'chaos');
    const entries = {};
    for (const role of scenario.failpoints ?? [])
        entries[role] = (0, node_path_1.join)(folder, 'processes', `${role}.js`);
    if (planted)
        entries[planted.role] = (0, node_path_1.join)(folder, 'planted', `${planted.name}.js`);
    return entries;
};
const startSystem = (options, folder, random) => {
    const { scenario, root } = options;
    const isAllowed = (0, exits_1.createExitAllowance)(scenario.mayExitWith ?? []);
    const { recordTtlMs } = scenario;
    const memory = recordTtlMs === undefined ? {} : { RECORD_TTL: `${recordTtlMs}ms`, HORIZON: `${recordTtlMs / 2}ms` };
    return (0, chaos_system_1.startChaosSystem)({
        folder: folder.path,
        dist: (0, node_path_1.join)(root, 'dist'),
        counts: { ...chaos_system_1.twoOfEach, ...scenario.counts },
        environment: { ...memory, ...scenario.environment },
        random: random.fork('system'),
        ...(scenario.kafkaSettings ? { kafkaSettings: scenario.kafkaSettings } : {}),
        brokersCount: scenario.brokersCount,
        ...(scenario.diskMb ? { diskMb: scenario.diskMb } : {}),
        ...(scenario.redisArgs ? { redisArgs: scenario.redisArgs } : {}),
        entries: entriesOf(options),
        onExit: (exit) => {
            const planned = exit.planned || isAllowed(exit.process, exit.code, performance.now());
            folder.append('exits', { at: Date.now(), ...exit, planned });
            if (!exit.planned)
                options.print(`  ${exit.process} ended with ${exit.code ?? exit.signal ?? '?'}`);
        },
    });
};
/** What each process counted, for whoever looks for the reason of a verdict. */
const saveMetrics = async (system, folder) => {
    for (const { name, url } of system.all()) {
        const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(3_000) }).catch(() => undefined);
        if (answer?.ok)
            folder.write(`${name}.metrics.txt`, (await answer.text()).split('\n'));
    }
};
const seconds = (ms) => `${Math.round(ms / 1000)} s`;
/** One scenario on a system of its own, to its verdict. Everything that was started is stopped. */
const runScenario = async (options) => {
    const { scenario, seed, root, print } = options;
    const startedAtMs = performance.now();
    const random = (0, random_1.createRandom)(seed);
    const name = [scenario.id, seed, ...(options.planted ? [options.planted.name] : [])].join('-');
    const folder = (0, run_folder_1.createRunFolder)((0, node_path_1.join)(options.folder, name));
    folder.write('run.json', describe(options));
    print(`${scenario.id} ${scenario.title}`);
    print(`  seed ${seed}, ${folder.path}`);
    const system = await startSystem(options, folder, random);
    const checker = (0, node_path_1.join)(root, 'tests', 'checker');
    print(`  ready after ${seconds(performance.now() - startedAtMs)}`);
    let settled;
    let judged;
    try {
        const timeline = (0, timeline_1.createTimeline)(folder, print);
        const history = (0, history_1.createHistory)(folder);
        timeline.note('all processes are ready');
        await perform({ options, system, folder, history, timeline, random });
        await system.ready();
        settled = await (0, settle_1.settle)(system, scenario.settleMs ?? settleDefaultMs);
        const left = settled.isSettled
            ? ''
            : `: ${settled.pending} orders pending, ${settled.behind} records behind`;
        timeline.note(`${settled.isSettled ? 'at rest' : 'no rest'} after ${Math.round(settled.tookMs)} ms${left}`);
        await saveMetrics(system, folder);
        await (0, verdict_1.collect)(checker, system, folder);
        await system.halt();
        await folder.close();
        // Meanwhile the servers end, whose data nobody wants any more.
        judged = (0, verdict_1.judge)(checker, folder.path);
    }
    finally {
        await system.stop();
        await folder.close();
    }
    const { verdict, text } = await judged;
    (0, node_fs_1.writeFileSync)((0, node_path_1.join)(folder.path, 'verdict.txt'), text);
    (0, node_fs_1.writeFileSync)((0, node_path_1.join)(folder.path, 'plot.svg'), (0, plot_1.plotRun)(folder.path));
    const tookMs = performance.now() - startedAtMs;
    const ran = { scenario, seed, commit: (0, commit_1.commitOf)(root), ordersPerSecond: (0, exports.paceOf)(options) };
    return { ...ran, folder: folder.path, verdict, text, settled, tookMs };
};
exports.runScenario = runScenario;
//# sourceMappingURL=run-scenario.js.map