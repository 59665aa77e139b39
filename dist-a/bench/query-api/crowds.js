"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const node_os_1 = require("node:os");
const bed_1 = require("../rebuild/bed");
const order_events_1 = require("../order-events");
const crowd_1 = require("./crowd");
const reads_1 = require("./reads");
/**
 * Crowds that wait for one order, from the moment that its outcome is in the log: a projector and a query API as
 * shipped, on servers of their own that share the cores with the clients. Ends with 1 when an answer was wrong.
 * Usage: node …/crowds.js [size] [rounds] [seconds of ordinary reads before, as any sale has them; 0: a cold process]
 */
const size = Number(process.argv[2] ?? '2000');
const rounds = Number(process.argv[3] ?? '5');
const readSeconds = Number(process.argv[4] ?? '0');
const readers = 32;
const line = ({ announcedMs, firstMs, lastMs, cpuSeconds, wrong }) => `announced ${announcedMs} ms, first answer ${firstMs} ms, last ${lastMs} ms after the append; ` +
    `${((cpuSeconds / size) * 1e6).toFixed(0)} µs CPU of the query API an answer; ${wrong} wrong`;
/** What buyers do all the time: they look how their orders are. Returns how many answers were wrong. */
const readBefore = async (bed, url) => {
    const number = 2 * rounds + 1;
    await (0, order_events_1.append)(bed.producer, [(0, order_events_1.requestOf)(bed.codec, number), (0, order_events_1.outcomeOf)(bed.codec, number)]);
    const nextPath = () => `/orders/${(0, order_events_1.orderIdOf)(number)}`;
    const durationMs = readSeconds * 1000;
    const { answered, failed } = await (0, reads_1.readOrders)({ url, connections: readers, durationMs, nextPath });
    console.log(`${answered} ordinary reads before; ${failed} wrong`);
    return failed;
};
const measure = async (bed) => {
    await bed.startService('projector', 'projector/main.js');
    const api = await bed.startService('query-api', 'query-api/main.js');
    let wrong = readSeconds > 0 ? await readBefore(bed, api.url) : 0;
    for (let round = 1; round <= rounds; round += 1) {
        const crowd = await (0, crowd_1.runCrowd)(bed, api, { number: 2 * round - 1, size });
        console.log(`${size} wait for one order, round ${round}: ${line(crowd)}`);
        wrong += crowd.wrong;
    }
    return wrong;
};
const main = async () => {
    console.log(`Node ${process.version}, ${(0, node_os_1.cpus)().length} × ${(0, node_os_1.cpus)()[0]?.model ?? 'unknown CPU'}`);
    const bed = await (0, bed_1.startBed)();
    try {
        if ((await measure(bed)) > 0)
            process.exitCode = 1;
    }
    finally {
        await bed.stop();
    }
};
main().catch((error) => {
    console.error(error);
    process.exitCode = 1;
});
//# sourceMappingURL=crowds.js.map