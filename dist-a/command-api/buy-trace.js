"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.endTrace = exports.beginTrace = void 0;
const command_headers_1 = require("./command-headers");
/** Where we decide what is sampled, a caller whose trace we do not record must not make the services behind us do it. */
const unsampled = (traceparent) => `${traceparent.slice(0, -2)}00`;
const beginTrace = (tracing, headers) => {
    const given = (0, command_headers_1.givenTraceparent)(headers);
    if (!tracing.isOn)
        return { traceparent: given ?? (0, command_headers_1.newTraceparent)(), span: undefined };
    const span = tracing.enter('POST /commands/buy', given, { 'http.request.method': 'POST' });
    if (span)
        return { traceparent: span.traceparent, span };
    return { traceparent: given === undefined ? (0, command_headers_1.newTraceparent)() : unsampled(given), span: undefined };
};
exports.beginTrace = beginTrace;
const endTrace = (span, correlationId, submitted) => {
    const failed = submitted.kind === 'unavailable' ? submitted.reason : undefined;
    span.end({ 'flashsale.correlation_id': correlationId, 'flashsale.submitted': submitted.kind }, failed);
};
exports.endTrace = endTrace;
//# sourceMappingURL=buy-trace.js.map