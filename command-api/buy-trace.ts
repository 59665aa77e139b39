import type { IncomingHttpHeaders } from 'node:http';
import type { Span, Tracing } from '../chassis/tracing';
import { givenTraceparent, newTraceparent } from './command-headers';
import type { Submitted } from './command-path';

/** An order's place in a trace: what its record carries, and its span when the trace is sampled. */
export interface BuyTrace {
  readonly traceparent: string;
  readonly span: Span | undefined;
}

/** Where we decide what is sampled, a caller whose trace we do not record must not make the services behind us do it. */
const unsampled = (traceparent: string): string => `${traceparent.slice(0, -2)}00`;

export const beginTrace = (tracing: Tracing, headers: IncomingHttpHeaders): BuyTrace => {
  const given = givenTraceparent(headers);
  if (!tracing.isOn) return { traceparent: given ?? newTraceparent(), span: undefined };
  const span = tracing.enter('POST /commands/buy', given, { 'http.request.method': 'POST' });
  if (span) return { traceparent: span.traceparent, span };
  return { traceparent: given === undefined ? newTraceparent() : unsampled(given), span: undefined };
};

export const endTrace = (span: Span, correlationId: string, submitted: Submitted): void => {
  const failed = submitted.kind === 'unavailable' ? submitted.reason : undefined;
  span.end({ 'flashsale.correlation_id': correlationId, 'flashsale.submitted': submitted.kind }, failed);
};
