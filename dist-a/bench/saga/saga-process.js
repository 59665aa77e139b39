"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.untilOutcomes = exports.outcomesInLog = exports.cpuMsOf = exports.startSaga = exports.saleId = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const deadline_1 = require("../../chassis/deadline");
const topics_1 = require("../../schemas/topics");
const ports_1 = require("../../stack/ports");
const server_process_1 = require("../../stack/server-process");
exports.saleId = 'bench';
/** The saga as shipped, with its built-in payment simulator. It logs to the folder of the servers. */
const startSaga = async (servers, options) => {
    const port = await (0, ports_1.claimPort)(0, 'PORT');
    const url = `http://127.0.0.1:${port}`;
    return (0, server_process_1.startServer)({
        name: 'saga',
        command: process.execPath,
        args: [...options.nodeArgs, (0, node_path_1.join)(options.dist ?? (0, node_path_1.join)(__dirname, '..', '..'), 'saga', 'main.js')],
        env: {
            ...process.env,
            HOST: '127.0.0.1',
            PORT: String(port),
            LOG_LEVEL: 'info',
            KAFKA_BROKERS: servers.kafka.url,
            SCHEMA_REGISTRY_URL: servers.registry.url,
            REDIS_URL: servers.redis.url,
            SALE_ID: exports.saleId,
            PAYMENT_URL: undefined,
            PAYMENT_LATENCY: String(options.paymentLatencyMs),
            PAYMENT_DECLINE_RATE: '0',
            PAYMENT_IN_FLIGHT_MAX: '4000',
        },
        logFile: (0, node_path_1.join)(servers.folder, 'saga.log'),
        stopSignal: 'SIGTERM',
    }, {
        url,
        port,
        timeoutMs: 30_000,
        probe: async () => {
            const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) });
            if (!answer.ok)
                throw new Error(`/readyz says ${answer.status}`);
        },
    });
};
exports.startSaga = startSaga;
/** User and system time of a process so far, ms. */
const cpuMsOf = (pid) => {
    const stat = (0, node_fs_1.readFileSync)(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
};
exports.cpuMsOf = cpuMsOf;
const outcomesInLog = async ({ admin }) => (await admin.ranges(topics_1.topics.orderOutcomes.name)).reduce((sum, { high }) => sum + high, 0);
exports.outcomesInLog = outcomesInLog;
/** Waits until the log holds so many outcomes (markers included). @throws when nothing comes for 20 s. */
const untilOutcomes = async (servers, count) => {
    let last = -1;
    let progressAtMs = performance.now();
    for (;;) {
        const now = await (0, exports.outcomesInLog)(servers);
        if (now >= count)
            return;
        if (now > last)
            progressAtMs = performance.now();
        last = now;
        if (performance.now() - progressAtMs > 20_000)
            throw new Error(`stuck at ${now} of ${count} outcomes`);
        await (0, deadline_1.pause)(20);
    }
};
exports.untilOutcomes = untilOutcomes;
//# sourceMappingURL=saga-process.js.map