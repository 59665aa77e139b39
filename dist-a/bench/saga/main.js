"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const node_os_1 = require("node:os");
const topics_1 = require("../../schemas/topics");
const backlog_1 = require("./backlog");
const raw_steps_1 = require("./raw-steps");
const saga_process_1 = require("./saga-process");
const servers_1 = require("./servers");
const verify_1 = require("./verify");
/**
 * Orders a second of one saga process from a backlog, beside the raw steps of the same data one after the other, on
 * servers of its own that share the cores. Usage: node …/main.js [orders] [rounds] [arguments for the saga's node]
 */
const orders = Number(process.argv[2] ?? '200000');
const rounds = Number(process.argv[3] ?? '1');
const nodeArgs = process.argv.slice(4);
/** Decided before the clock starts, so that a cold compiler is not what is measured. */
const warmUp = Math.round(orders / 10);
const scenarios = [
    { name: 'hot', what: 'one hot item, payment 0 ms', items: 1, paymentLatencyMs: 0 },
    { name: 'many', what: '1,000 items, payment 0 ms', items: 1_000, paymentLatencyMs: 0 },
    { name: 'slow', what: 'one hot item, payment 50 ms', items: 1, paymentLatencyMs: 50 },
];
const rateText = (rate) => `${Math.round(rate).toLocaleString('en-US')}/s`;
const say = (what, rate, more = '') => console.log(`  ${what.padEnd(46)} ${rateText(rate).padStart(10)}  ${more}`);
const measureSaga = async (servers, scenario, sale) => {
    await (0, backlog_1.writeBacklog)(servers.producer, servers.codec, sale);
    const before = await (0, saga_process_1.outcomesInLog)(servers);
    const isFirst = before === 0;
    const watch = (0, verify_1.watchStock)(servers);
    const { paymentLatencyMs } = scenario;
    const saga = await (0, saga_process_1.startSaga)(servers, { paymentLatencyMs, nodeArgs });
    const processes = [saga, servers.redis, servers.kafka];
    /** The first saga of all opens the store and writes its markers. */
    const first = before + (isFirst ? servers_1.partitions : 0);
    await (0, saga_process_1.untilOutcomes)(servers, first + warmUp);
    const [count, startedAtMs] = [await (0, saga_process_1.outcomesInLog)(servers), performance.now()];
    const cpuBefore = processes.map(({ pid }) => (0, saga_process_1.cpuMsOf)(pid));
    await (0, saga_process_1.untilOutcomes)(servers, first + sale.orders);
    const decided = first + sale.orders - count;
    const seconds = (performance.now() - startedAtMs) / 1000;
    const cpu = processes.map(({ pid }, index) => (((0, saga_process_1.cpuMsOf)(pid) - (cpuBefore[index] ?? 0)) / decided) * 1000);
    const looks = await watch.stop();
    await saga.stop();
    await (0, verify_1.verifySale)(servers, sale);
    const spent = processes.map(({ name }, index) => `${name} ${(cpu[index] ?? 0).toFixed(1)}`).join(', ');
    say(`the saga, ${scenario.what}`, decided / seconds, `CPU µs an order: ${spent}; ${looks} audits`);
    return decided / seconds;
};
/** The three steps one after the other, nothing else done; orders a second. */
const measureRaw = async (servers, sale) => {
    const steps = [
        ['raw consume', await (0, raw_steps_1.rawConsume)(servers, sale.orders)],
        ['raw scripts (decide, settle, let expire)', await (0, raw_steps_1.rawScripts)(servers, sale)],
        ['raw produce', await (0, raw_steps_1.rawProduce)(servers, sale)],
    ];
    for (const [what, took] of steps)
        say(what, sale.orders / took);
    const sum = steps.reduce((total, [, took]) => total + took, 0);
    say('raw, one after the other', sale.orders / sum);
    return sale.orders / sum;
};
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const measureRound = async (servers, round) => {
    const rates = {};
    for (const scenario of scenarios) {
        const sale = { name: `${scenario.name}${round}`, orders, items: scenario.items, stockedShare: 0.9 };
        rates[scenario.name] = await measureSaga(servers, scenario, sale);
    }
    rates['raw'] = await measureRaw(servers, { name: `raw${round}`, orders, items: 1, stockedShare: 1 });
    return rates;
};
const summary = (all) => {
    const middle = (name) => median(all.map((rates) => rates[name] ?? 0));
    console.log(`median of ${all.length}:`);
    for (const { name, what } of scenarios) {
        const rates = all.map((it) => it[name] ?? 0);
        const spread = `${rateText(Math.min(...rates))} to ${rateText(Math.max(...rates))}`;
        const share = Math.round((middle(name) / middle('raw')) * 100);
        say(what, middle(name), `(${spread}), ${share} % of the raw steps one after the other`);
    }
    say('raw, one after the other', middle('raw'));
    console.log(`  payment at 50 ms costs ${Math.round((1 - middle('slow') / middle('hot')) * 100)} %`);
};
const main = async () => {
    console.log(`Node ${process.version}, ${(0, node_os_1.cpus)().length} × ${(0, node_os_1.cpus)()[0]?.model ?? 'unknown CPU'}`);
    console.log(`${orders} orders, ${servers_1.partitions} partitions; Kafka and Redis share these cores`);
    const servers = await (0, servers_1.startBenchServers)();
    try {
        await servers.admin.createTopics([{ name: raw_steps_1.rawTopic, partitions: servers_1.partitions, config: topics_1.topicConfig }], 1);
        const all = [];
        for (let round = 1; round <= rounds; round += 1)
            all.push(await measureRound(servers, round));
        summary(all);
    }
    finally {
        await servers.stop();
    }
};
main().catch((error) => {
    console.error(error);
    process.exitCode = 1;
});
//# sourceMappingURL=main.js.map