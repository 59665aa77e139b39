"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createViewRouter = exports.projectorRecordsMax = void 0;
const tracing_1 = require("../chassis/tracing");
const announce_1 = require("./announce");
const dead_letters_projection_1 = require("./dead-letters-projection");
const items_projection_1 = require("./items-projection");
const orders_projection_1 = require("./orders-projection");
const trace_batch_1 = require("./trace-batch");
const view_writer_1 = require("./view-writer");
/**
 * Of one partition at a time; what a rebalance may leave unfinished. A transaction takes what many partitions have
 * waiting, so it is not smaller for this: with 2,000, sixteen partitions had 32,000 records waiting, and on a machine
 * that folded 2,000 a second the last partition in the queue was taken for stuck after 15 s.
 */
exports.projectorRecordsMax = 500;
/** Of one transaction: measured, larger ones add nothing. */
const transactionRecordsMax = 6_000;
const createViewRouter = (options) => {
    const { pool, codec, metrics, report, tracing = tracing_1.noTracing, atStep } = options;
    const writerOf = (projection) => [
        projection.topics,
        (0, view_writer_1.createViewWriter)({
            pool,
            projection,
            schema: 'views',
            recordsMax: transactionRecordsMax,
            announce: (0, announce_1.announceBatch)(projection.view),
            onWritten: (batch) => metrics.written(projection.view, batch),
            ...(atStep ? { atStep } : {}),
        }),
    ];
    const writers = new Map();
    for (const [topics, writer] of [
        writerOf((0, orders_projection_1.createOrdersProjection)(codec, report)),
        writerOf((0, items_projection_1.createItemsProjection)(codec, report)),
        writerOf((0, dead_letters_projection_1.createDeadLettersProjection)(codec, report)),
    ]) {
        for (const topic of topics)
            writers.set(topic, writer);
    }
    const writerFor = (topic) => {
        const writer = writers.get(topic);
        if (writer === undefined)
            throw new TypeError(`no view is made of ${topic}`);
        return writer;
    };
    return {
        write: async (records) => {
            const [first] = records;
            if (first === undefined)
                return 0;
            await (0, trace_batch_1.traced)(tracing, records, () => writerFor(first.topic).write(records));
            return records.length;
        },
        next: (topic, partition) => writerFor(topic).next(topic, partition),
        watch: (consumer) => metrics.watch(consumer),
    };
};
exports.createViewRouter = createViewRouter;
//# sourceMappingURL=view-router.js.map