import {
  ROOT_CONTEXT,
  SpanKind as OtelKind,
  SpanStatusCode,
  TraceFlags,
  trace,
  type Context,
  type Span as OtelSpan,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  TracerProvider,
  type SpanExporter,
} from '@opentelemetry/sdk-trace';
import { Counter } from 'prom-client';
import {
  isSampled,
  type Span,
  type SpanAttributes,
  type SpanKind,
  type TracedProcess,
  type Tracing,
} from './tracing';

/** Spans wait here for the collector; about 1 KB each. More are dropped: a trace is never worth an order. */
const queueMax = 4_096;
const exportEveryMs = 1_000;
/** A collector that answers slower than this holds one batch at a time; the queue bounds what waits behind it. */
const exportTimeoutMs = 5_000;
/** A stop does not wait longer for a dead collector. */
const flushTimeoutMs = 1_000;

const kinds: Readonly<Record<SpanKind, OtelKind>> = {
  server: OtelKind.SERVER,
  client: OtelKind.CLIENT,
  producer: OtelKind.PRODUCER,
  consumer: OtelKind.CONSUMER,
};

/** `name=value` pairs separated by commas, values percent-encoded, as OpenTelemetry has them in the environment. */
const headersOf = (text: string | undefined): Record<string, string> =>
  Object.fromEntries(
    (text ?? '').split(',').flatMap((pair) => {
      const at = pair.indexOf('=');
      return at < 1 ? [] : [[pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())]];
    }),
  );

const contextOf = (traceparent: string): Context => {
  const [, traceId = '', spanId = ''] = traceparent.split('-');
  const traceFlags = TraceFlags.SAMPLED;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
};

const spanOf = (tracer: Tracer, span: OtelSpan): Span => {
  const { traceId, spanId } = span.spanContext();
  return {
    traceparent: `00-${traceId}-${spanId}-01`,
    event: (name, attributes) => void span.addEvent(name, attributes),
    child: (name, kind, attributes) =>
      begin(tracer, name, kind, { attributes, parent: trace.setSpan(ROOT_CONTEXT, span) }),
    end: (attributes, error) => {
      if (attributes) span.setAttributes(attributes);
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
      span.end();
    },
  };
};

interface Origin {
  readonly attributes: SpanAttributes | undefined;
  readonly parent: Context;
}

const begin = (tracer: Tracer, name: string, kind: SpanKind, { attributes, parent }: Origin): Span =>
  spanOf(tracer, tracer.startSpan(name, { kind: kinds[kind], attributes: attributes ?? {} }, parent));

/** Counts what reaches the collector, and says once when nothing does and once when it does again. */
const counted = (exporter: SpanExporter, { registry, log }: TracedProcess): SpanExporter => {
  const spans = new Counter({
    name: 'flashsale_spans_total',
    help: 'Spans that the trace collector took, and that it did not take',
    labelNames: ['result'],
    registers: [registry],
  });
  let isAway = false;
  const note = (isTaken: boolean, count: number, error: unknown): void => {
    spans.inc({ result: isTaken ? 'exported' : 'failed' }, count);
    if (isTaken === !isAway) return;
    isAway = !isTaken;
    if (isAway) log.warn('the trace collector takes no spans', { event: 'traces_away', error });
    else log.info('the trace collector takes spans again', { event: 'traces_back' });
  };
  return {
    export: (batch, done) =>
      exporter.export(batch, (result) => {
        note(result.error === undefined, batch.length, result.error);
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    ...(exporter.forceFlush ? { forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve() } : {}),
  };
};

const openProvider = (traced: TracedProcess, endpoint: string): TracerProvider => {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: headersOf(traced.config.OTEL_EXPORTER_OTLP_HEADERS),
    timeoutMillis: exportTimeoutMs,
    // The queue sends one batch at a time, but asks for the next one before the last is forgotten.
    concurrencyLimit: 4,
  });
  const queue = new BatchSpanProcessor({
    exporter: counted(exporter, traced),
    maxQueueSize: queueMax,
    maxExportBatchSize: 512,
    scheduledDelayMillis: exportEveryMs,
    exportTimeoutMillis: exportTimeoutMs,
  });
  return new TracerProvider({
    // Who is sampled is decided before a span is asked for: see `enter` and `join`.
    sampler: new AlwaysOnSampler(),
    resource: resourceFromAttributes({ 'service.name': traced.service, 'service.version': traced.version }),
    spanProcessors: [queue],
  });
};

/** Sends spans to `endpoint` by OTLP over HTTP. Loaded only when there is an endpoint: import it dynamically. */
export const createOtlpTracing = (traced: TracedProcess, endpoint: string): Tracing => {
  const { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: share } = traced.config;
  const provider = openProvider(traced, endpoint);
  traced.releasers.add('traces', () => {
    const ended = provider.shutdown().catch(() => undefined);
    return Promise.race([
      ended,
      new Promise<void>((resolve) => void setTimeout(resolve, flushTimeoutMs).unref()),
    ]);
  });
  const tracer = provider.getTracer(traced.service, traced.version);
  const believesCallers = sampler === 'parentbased_traceidratio';
  return {
    isOn: true,
    enter: (name, traceparent, attributes) => {
      const isIn =
        believesCallers && traceparent !== undefined ? isSampled(traceparent) : Math.random() < share;
      if (!isIn) return undefined;
      const parent = traceparent === undefined ? ROOT_CONTEXT : contextOf(traceparent);
      return begin(tracer, name, 'server', { attributes, parent });
    },
    join: (name, kind, traceparent, attributes) => {
      if (traceparent === undefined || !isSampled(traceparent)) return undefined;
      return begin(tracer, name, kind, { attributes, parent: contextOf(traceparent) });
    },
  };
};
