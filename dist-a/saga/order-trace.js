"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.endSpans = exports.beginSpans = void 0;
const record_trace_1 = require("../schemas/record-trace");
/** Gives the sampled orders of a chunk their spans; an order that is handed over again gets one each time. */
const beginSpans = (tracing, works) => {
    if (!tracing.isOn)
        return;
    for (const work of works)
        work.span = (0, record_trace_1.joinTrace)(tracing, work.record);
};
exports.beginSpans = beginSpans;
const endSpans = (works) => {
    for (const { span, isDone } of works) {
        span?.end({ 'flashsale.chunk_orders': works.length }, isDone ? undefined : 'not done, handed over again');
    }
};
exports.endSpans = endSpans;
//# sourceMappingURL=order-trace.js.map