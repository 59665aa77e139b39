import type { LogRecord } from '../chassis/kafka/log';
import { isSampled, type Span, type Tracing } from '../chassis/tracing';
import { traceparentIn } from './headers';

/** The span of one record's processing, in the trace that its headers name; none unless that is sampled. */
export const joinTrace = (tracing: Tracing, record: LogRecord): Span | undefined => {
  if (!tracing.isOn) return undefined;
  const traceparent = traceparentIn(record.headers);
  if (traceparent === undefined || !isSampled(traceparent)) return undefined;
  return tracing.join(`process ${record.topic}`, 'consumer', traceparent, {
    'messaging.system': 'kafka',
    'messaging.operation.type': 'process',
    'messaging.destination.name': record.topic,
    'messaging.destination.partition.id': String(record.partition),
    'messaging.kafka.offset': record.offset,
  });
};
