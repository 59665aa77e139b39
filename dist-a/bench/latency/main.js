"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const node_crypto_1 = require("node:crypto");
const node_os_1 = require("node:os");
const log_1 = require("../../chassis/log");
const postgres_1 = require("../../chassis/postgres");
const system_1 = require("../../tests/support/system");
const cpu_seconds_1 = require("../cpu-seconds");
const buyers_1 = require("./buyers");
const stages_1 = require("./stages");
/**
 * From the 202 to the terminal answer that a waiting buyer gets, at a steady rate, of the whole system on servers of
 * its own on this machine, generator included. Ends with 1 when an answer was wrong. Usage: node …/latency/main.js
 * [orders a second] [seconds] [rounds]
 */
const perSecond = Number(process.argv[2] ?? 1_000);
const seconds = Number(process.argv[3] ?? 20);
const rounds = Number(process.argv[4] ?? 3);
const stock = 1_000_000;
const warmSeconds = 5;
const stockItem = async (system, item) => {
    const answer = await fetch(`${system.commandUrl}/commands/adjust-stock`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${system.adminToken}` },
        body: JSON.stringify({ item_id: item, delta: stock, reason: 'benchmark', command_id: item }),
    });
    if (answer.status !== 202)
        throw new Error(`stocking the item was answered ${answer.status}`);
};
const ownSeconds = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
};
/** CPU seconds so far, by process, servers included. */
const cpuOf = (system) => new Map([
    ...system_1.serviceNames.map((name) => [name, (0, cpu_seconds_1.cpuSecondsOf)(system.process(name).pid)]),
    ...system.infrastructure.servers.map(({ name, pid }) => [name, (0, cpu_seconds_1.cpuSecondsOf)(pid)]),
    // Of this process alone: all the others are its children.
    ['generator', ownSeconds()],
]);
const cpuLine = (before, after, wallSeconds) => {
    const shares = [...after].map(([name, used]) => [
        name,
        ((used - (before.get(name) ?? 0)) / wallSeconds) * 100,
    ]);
    const all = shares.reduce((sum, [, share]) => sum + share, 0);
    const parts = shares
        .toSorted(([, one], [, other]) => other - one)
        .map(([name, share]) => `${name} ${share.toFixed(0)}`);
    return `CPU, % of a core: all ${all.toFixed(0)} (${parts.join(', ')})`;
};
const measure = async (system, item, durationMs) => {
    const prefix = `latency-${(0, node_crypto_1.randomUUID)().slice(0, 8)}`;
    const { commandUrl, queryUrl } = system;
    const [before, startedAtMs] = [cpuOf(system), performance.now()];
    const purchases = await (0, buyers_1.letBuy)({ commandUrl, queryUrl, item, prefix, perSecond, durationMs });
    const cpu = cpuLine(before, cpuOf(system), (performance.now() - startedAtMs) / 1000);
    const pool = (0, postgres_1.createPool)({ url: system.infrastructure.variables.DATABASE_URL, applicationName: 'bench', connectionsMax: 1 }, log_1.silentLog);
    const stages = await (0, stages_1.stagesOf)(pool, purchases.bought, prefix);
    await pool.end();
    const rate = Math.round(purchases.bought.length / purchases.seconds);
    console.log(`\n${purchases.bought.length} orders, ${rate}/s, load ${(0, node_os_1.loadavg)()[0]?.toFixed(1)}; ${cpu}`);
    console.log([stages_1.stageHead, ...stages.map(stages_1.stageLine)].join('\n'));
    for (const answer of purchases.wrong.slice(0, 5))
        console.log(`wrong: ${answer}`);
    return purchases.wrong.length === 0;
};
const main = async () => {
    console.log(`Node ${process.version}, ${(0, node_os_1.cpus)().length} × ${(0, node_os_1.cpus)()[0]?.model}; ${rounds} × ${seconds} s`);
    const system = await (0, system_1.startSystem)();
    try {
        const item = `item-${(0, node_crypto_1.randomUUID)().slice(0, 8)}`;
        await stockItem(system, item);
        let isWell = await measure(system, item, warmSeconds * 1000);
        for (let round = 0; round < rounds; round += 1) {
            isWell = (await measure(system, item, seconds * 1000)) && isWell;
        }
        if (!isWell)
            process.exitCode = 1;
    }
    finally {
        await system.stop();
    }
};
main().catch((error) => {
    console.error(error);
    process.exitCode = 1;
});
//# sourceMappingURL=main.js.map