"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const node_crypto_1 = require("node:crypto");
const stack_context_1 = require("../../stack/stack-context");
const project_root_1 = require("../../stack/project-root");
const run_records_1 = require("../../stack/run-records");
const cpu_seconds_1 = require("../cpu-seconds");
const client_1 = require("../demo/client");
const memory_1 = require("./memory");
const steady_buyers_1 = require("./steady-buyers");
/** What each service of the running stack uses at a steady rate of orders: the ground of the requests in k8s/base. */
const names = ['command-api', 'saga', 'projector', 'query-api'];
const warmSeconds = 5;
const pids = () => new Map((0, run_records_1.readRecords)((0, stack_context_1.foldersOf)((0, project_root_1.projectRoot)()).run)
    .filter(({ name }) => names.includes(name))
    .map(({ name, pid }) => [name, pid]));
const needed = (name) => {
    const value = process.env[name];
    if (value === undefined)
        throw new Error(`${name} is not set: start with make bench-services`);
    return value;
};
const stock = async (commands, itemId) => {
    const body = { item_id: itemId, delta: 1_000_000, reason: 'bench', command_id: (0, node_crypto_1.randomUUID)() };
    const headers = { Authorization: `Bearer ${needed('ADMIN_TOKEN')}` };
    const { status } = await commands.post('/commands/adjust-stock', body, headers);
    if (status !== 202)
        throw new Error(`adjust-stock says ${status}`);
};
const main = async () => {
    const [rate, seconds] = [Number(process.argv[2] ?? 500), Number(process.argv[3] ?? 60)];
    const commands = new client_1.Client(needed('COMMAND_API_URL'), 128);
    const queries = new client_1.Client(needed('QUERY_API_URL'), 2_048);
    const itemId = `bench-${(0, node_crypto_1.randomUUID)().slice(0, 8)}`;
    await stock(commands, itemId);
    await (0, steady_buyers_1.pressSteadily)({ commands, queries }, { itemId, ratePerSecond: rate, seconds: warmSeconds });
    const running = pids();
    const before = new Map([...running].map(([name, pid]) => [name, (0, cpu_seconds_1.cpuSecondsOf)(pid)]));
    const startedAtMs = performance.now();
    const pressed = await (0, steady_buyers_1.pressSteadily)({ commands, queries }, { itemId, ratePerSecond: rate, seconds });
    const tookSeconds = (performance.now() - startedAtMs) / 1_000;
    const lines = [...running].map(([name, pid]) => {
        const cpuSeconds = (0, cpu_seconds_1.cpuSecondsOf)(pid) - (before.get(name) ?? 0);
        const { nowMiB, peakMiB } = (0, memory_1.memoryOf)(pid);
        const micros = (cpuSeconds * 1e6) / pressed.accepted;
        const cells = [
            `${micros.toFixed(0)} µs`,
            `${((cpuSeconds / tookSeconds) * 1_000).toFixed(0)}m`,
            `${nowMiB} MiB`,
            `${peakMiB} MiB`,
        ];
        return `  ${name.padEnd(14)}${cells.map((cell) => cell.padStart(12)).join('')}`;
    });
    const { accepted, refused, decided, broken } = pressed;
    process.stdout.write([
        `${accepted} accepted in ${tookSeconds.toFixed(1)} s (${Math.round(accepted / tookSeconds)}/s), ${refused} refused, ${broken} broken, ${decided} answered by ?wait=`,
        `  ${'process'.padEnd(14)}${['an order', 'cores', 'memory', 'peak'].map((cell) => cell.padStart(12)).join('')}`,
        ...lines,
        '',
    ].join('\n'));
    commands.close();
    queries.close();
};
main().catch((error) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
});
//# sourceMappingURL=main.js.map