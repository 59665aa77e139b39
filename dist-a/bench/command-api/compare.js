"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const node_crypto_1 = require("node:crypto");
const own_api_1 = require("./own-api");
const processes_1 = require("./processes");
const report_1 = require("./report");
const stock_item_1 = require("./stock-item");
const wrk_1 = require("./wrk");
/**
 * Two builds of the command API turn by turn on the running stack, at one number of connections: what a change is worth.
 * The stack's own command API stands still meanwhile.
 * `node dist/bench/command-api/compare.js BEFORE_DIST AFTER_DIST [CONNECTIONS] [TURNS] [SECONDS]`
 */
const [beforeDist = '', afterDist = '', connections = '128', turns = '4', seconds = '4'] = process.argv.slice(2);
const start = async (name, dist) => ({ name, ...(await (0, own_api_1.startOwnApi)(dist)) });
const measure = async (build, item) => {
    const pid = build.child.pid ?? 0;
    const before = (0, processes_1.cpuOfStackWith)(pid);
    const prefix = `${item}-${(0, node_crypto_1.randomUUID)().slice(0, 8)}`;
    const load = { url: build.url, connections: Number(connections), durationMs: Number(seconds) * 1000 };
    const result = await (0, wrk_1.runWrk)({ ...load, prefix, item });
    return { build: build.name, result, micros: (0, processes_1.microsPerOrder)(before, (0, processes_1.cpuOfStackWith)(pid), result.accepted) };
};
const main = async () => {
    const builds = [];
    const item = `compare-${(0, node_crypto_1.randomUUID)().slice(0, 8)}`;
    const all = [];
    try {
        builds.push(await start('before', beforeDist));
        builds.push(await start('after', afterDist));
        await (0, stock_item_1.stockItem)(builds[0]?.url ?? '', item);
        for (const build of builds)
            await measure(build, item);
        for (let turn = 0; turn < Number(turns); turn += 1) {
            for (const build of turn % 2 === 0 ? builds : [...builds].reverse()) {
                const measured = await measure(build, item);
                console.log((0, report_1.lineOf)({ name: build.name, result: measured.result }));
                all.push(measured);
            }
        }
    }
    finally {
        for (const { child } of builds)
            child.kill('SIGTERM');
    }
    for (const { name } of builds) {
        const own = all.filter(({ build }) => build === name);
        const rate = (0, report_1.median)(own.map(({ result }) => result.accepted / result.seconds));
        const p99 = (0, report_1.median)(own.map(({ result }) => result.p99Ms));
        console.log(`${name}: median ${Math.round(rate)} accepted/s, p99 ${p99.toFixed(1)} ms`);
        console.log((0, processes_1.cpuTable)(own.map(({ result, micros }) => ({ connections: result.connections, micros }))));
    }
};
main().catch((error) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
});
//# sourceMappingURL=compare.js.map