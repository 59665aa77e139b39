"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createOtlpTracing = void 0;
const api_1 = require("@opentelemetry/api");
const exporter_trace_otlp_http_1 = require("@opentelemetry/exporter-trace-otlp-http");
const resources_1 = require("@opentelemetry/resources");
const sdk_trace_1 = require("@opentelemetry/sdk-trace");
const prom_client_1 = require("prom-client");
const tracing_1 = require("./tracing");
/** Spans wait here for the collector; about 1 KB each. More are dropped: a trace is never worth an order. */
const queueMax = 4_096;
const exportEveryMs = 1_000;
/** A collector that answers slower than this holds one batch at a time; the queue bounds what waits behind it. */
const exportTimeoutMs = 5_000;
/** A stop does not wait longer for a dead collector. */
const flushTimeoutMs = 1_000;
const kinds = {
    server: api_1.SpanKind.SERVER,
    client: api_1.SpanKind.CLIENT,
    producer: api_1.SpanKind.PRODUCER,
    consumer: api_1.SpanKind.CONSUMER,
};
/** `name=value` pairs separated by commas, values percent-encoded, as OpenTelemetry has them in the environment. */
const headersOf = (text) => Object.fromEntries((text ?? '').split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 1 ? [] : [[pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())]];
}));
const contextOf = (traceparent) => {
    const [, traceId = '', spanId = ''] = traceparent.split('-');
    const traceFlags = api_1.TraceFlags.SAMPLED;
    return api_1.trace.setSpanContext(api_1.ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
};
const spanOf = (tracer, span) => {
    const { traceId, spanId } = span.spanContext();
    return {
        traceparent: `00-${traceId}-${spanId}-01`,
        event: (name, attributes) => void span.addEvent(name, attributes),
        child: (name, kind, attributes) => begin(tracer, name, kind, { attributes, parent: api_1.trace.setSpan(api_1.ROOT_CONTEXT, span) }),
        end: (attributes, error) => {
            if (attributes)
                span.setAttributes(attributes);
            if (error !== undefined)
                span.setStatus({ code: api_1.SpanStatusCode.ERROR, message: error });
            span.end();
        },
    };
};
const begin = (tracer, name, kind, { attributes, parent }) => spanOf(tracer, tracer.startSpan(name, { kind: kinds[kind], attributes: attributes ?? {} }, parent));
/** Counts what reaches the collector, and says once when nothing does and once when it does again. */
const counted = (exporter, { registry, log }) => {
    const spans = new prom_client_1.Counter({
        name: 'flashsale_spans_total',
        help: 'Spans that the trace collector took, and that it did not take',
        labelNames: ['result'],
        registers: [registry],
    });
    let isAway = false;
    const note = (isTaken, count, error) => {
        spans.inc({ result: isTaken ? 'exported' : 'failed' }, count);
        if (isTaken === !isAway)
            return;
        isAway = !isTaken;
        if (isAway)
            log.warn('the trace collector takes no spans', { event: 'traces_away', error });
        else
            log.info('the trace collector takes spans again', { event: 'traces_back' });
    };
    return {
        export: (batch, done) => exporter.export(batch, (result) => {
            note(result.error === undefined, batch.length, result.error);
            done(result);
        }),
        shutdown: () => exporter.shutdown(),
        ...(exporter.forceFlush ? { forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve() } : {}),
    };
};
const openProvider = (traced, endpoint) => {
    const exporter = new exporter_trace_otlp_http_1.OTLPTraceExporter({
        url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
        headers: headersOf(traced.config.OTEL_EXPORTER_OTLP_HEADERS),
        timeoutMillis: exportTimeoutMs,
        // The queue sends one batch at a time, but asks for the next one before the last is forgotten.
        concurrencyLimit: 4,
    });
    const queue = new sdk_trace_1.BatchSpanProcessor({
        exporter: counted(exporter, traced),
        maxQueueSize: queueMax,
        maxExportBatchSize: 512,
        scheduledDelayMillis: exportEveryMs,
        exportTimeoutMillis: exportTimeoutMs,
    });
    return new sdk_trace_1.TracerProvider({
        // Who is sampled is decided before a span is asked for: see `enter` and `join`.
        sampler: new sdk_trace_1.AlwaysOnSampler(),
        resource: (0, resources_1.resourceFromAttributes)({ 'service.name': traced.service, 'service.version': traced.version }),
        spanProcessors: [queue],
    });
};
/** Sends spans to `endpoint` by OTLP over HTTP. Loaded only when there is an endpoint: import it dynamically. */
const createOtlpTracing = (traced, endpoint) => {
    const { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: share } = traced.config;
    const provider = openProvider(traced, endpoint);
    traced.releasers.add('traces', () => {
        const ended = provider.shutdown().catch(() => undefined);
        return Promise.race([
            ended,
            new Promise((resolve) => void setTimeout(resolve, flushTimeoutMs).unref()),
        ]);
    });
    const tracer = provider.getTracer(traced.service, traced.version);
    const believesCallers = sampler === 'parentbased_traceidratio';
    return {
        isOn: true,
        enter: (name, traceparent, attributes) => {
            const isIn = believesCallers && traceparent !== undefined ? (0, tracing_1.isSampled)(traceparent) : Math.random() < share;
            if (!isIn)
                return undefined;
            const parent = traceparent === undefined ? api_1.ROOT_CONTEXT : contextOf(traceparent);
            return begin(tracer, name, 'server', { attributes, parent });
        },
        join: (name, kind, traceparent, attributes) => {
            if (traceparent === undefined || !(0, tracing_1.isSampled)(traceparent))
                return undefined;
            return begin(tracer, name, kind, { attributes, parent: contextOf(traceparent) });
        },
    };
};
exports.createOtlpTracing = createOtlpTracing;
//# sourceMappingURL=otlp-tracing.js.map