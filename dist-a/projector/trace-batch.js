"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.traced = void 0;
const record_trace_1 = require("../schemas/record-trace");
/** Runs `write` within a span for each sampled record; they end when the transaction that holds their rows does. */
const traced = async (tracing, records, write) => {
    if (!tracing.isOn)
        return write();
    const spans = records.flatMap((record) => (0, record_trace_1.joinTrace)(tracing, record) ?? []);
    const end = (error) => {
        for (const span of spans)
            span.end({ 'messaging.batch.message_count': records.length }, error);
    };
    try {
        await write();
        end();
    }
    catch (error) {
        end(error instanceof Error ? error.name : 'failed');
        throw error;
    }
};
exports.traced = traced;
//# sourceMappingURL=trace-batch.js.map