"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.joinTrace = void 0;
const tracing_1 = require("../chassis/tracing");
const headers_1 = require("./headers");
/** The span of one record's processing, in the trace that its headers name; none unless that is sampled. */
const joinTrace = (tracing, record) => {
    if (!tracing.isOn)
        return undefined;
    const traceparent = (0, headers_1.traceparentIn)(record.headers);
    if (traceparent === undefined || !(0, tracing_1.isSampled)(traceparent))
        return undefined;
    return tracing.join(`process ${record.topic}`, 'consumer', traceparent, {
        'messaging.system': 'kafka',
        'messaging.operation.type': 'process',
        'messaging.destination.name': record.topic,
        'messaging.destination.partition.id': String(record.partition),
        'messaging.kafka.offset': record.offset,
    });
};
exports.joinTrace = joinTrace;
//# sourceMappingURL=record-trace.js.map