import type { Registry } from 'prom-client';
import type { Releasers } from './lifecycle';
import type { Log } from './log';
import type * as otlp from './otlp-tracing';
import type { TracingSettings } from './settings';

export type SpanKind = 'server' | 'client' | 'producer' | 'consumer';
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** One piece of work in a sampled trace. */
export interface Span {
  /** This span in W3C Trace Context: what follows from the work carries it on. */
  readonly traceparent: string;
  event(name: string, attributes?: SpanAttributes): void;
  child(name: string, kind: SpanKind, attributes?: SpanAttributes): Span;
  /** `error`: what went wrong, in a few words; the span is shown as failed. */
  end(attributes?: SpanAttributes, error?: string): void;
}

/**
 * Spans of sampled traces, sent to a collector in the background. What is not sampled gets no span, so that the work
 * of an order costs the same with tracing as without. Nothing here throws or is waited for.
 */
export interface Tracing {
  /** False: no span will ever be made, and nobody needs to look for a parent. */
  readonly isOn: boolean;
  /**
   * A span at the edge of the system: part of the caller's trace when `traceparent` is sampled and callers are
   * believed, the root of a new trace for the share that is sampled, else none.
   */
  enter(name: string, traceparent: string | undefined, attributes?: SpanAttributes): Span | undefined;
  /** A span of a trace begun elsewhere; none unless `traceparent` is sampled. */
  join(
    name: string,
    kind: SpanKind,
    traceparent: string | undefined,
    attributes?: SpanAttributes,
  ): Span | undefined;
}

export const noTracing: Tracing = {
  isOn: false,
  enter: () => undefined,
  join: () => undefined,
};

/** Whether a well-formed `traceparent` has the sampled flag, the lowest bit of its last digit. */
export const isSampled = (traceparent: string): boolean => (parseInt(traceparent.slice(-1), 16) & 1) === 1;

export interface TracedProcess {
  readonly service: string;
  readonly version: string;
  readonly config: TracingSettings;
  readonly registry: Registry;
  readonly log: Log;
  readonly releasers: Releasers;
}

/** Tracing as the settings want it. Without an endpoint, OpenTelemetry is not even loaded: 16 MB and 170 ms. */
export const openTracing = (traced: TracedProcess): Tracing => {
  const endpoint = traced.config.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return noTracing;
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { createOtlpTracing } = require('./otlp-tracing') as typeof otlp;
  return createOtlpTracing(traced, endpoint);
};
