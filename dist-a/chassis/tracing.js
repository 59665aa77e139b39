"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.openTracing = exports.isSampled = exports.noTracing = void 0;
exports.noTracing = {
    isOn: false,
    enter: () => undefined,
    join: () => undefined,
};
/** Whether a well-formed `traceparent` has the sampled flag, the lowest bit of its last digit. */
const isSampled = (traceparent) => (parseInt(traceparent.slice(-1), 16) & 1) === 1;
exports.isSampled = isSampled;
/** Tracing as the settings want it. Without an endpoint, OpenTelemetry is not even loaded: 16 MB and 170 ms. */
const openTracing = (traced) => {
    const endpoint = traced.config.OTEL_EXPORTER_OTLP_ENDPOINT;
    if (endpoint === undefined)
        return exports.noTracing;
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { createOtlpTracing } = require('./otlp-tracing');
    return createOtlpTracing(traced, endpoint);
};
exports.openTracing = openTracing;
//# sourceMappingURL=tracing.js.map