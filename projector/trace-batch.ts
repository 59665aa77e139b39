import type { LogRecord } from '../chassis/kafka/log';
import type { Tracing } from '../chassis/tracing';
import { joinTrace } from '../schemas/record-trace';

/** Runs `write` within a span for each sampled record; they end when the transaction that holds their rows does. */
export const traced = async (
  tracing: Tracing,
  records: readonly LogRecord[],
  write: () => Promise<void>,
): Promise<void> => {
  if (!tracing.isOn) return write();
  const spans = records.flatMap((record) => joinTrace(tracing, record) ?? []);
  const end = (error?: string): void => {
    for (const span of spans) span.end({ 'messaging.batch.message_count': records.length }, error);
  };
  try {
    await write();
    end();
  } catch (error) {
    end(error instanceof Error ? error.name : 'failed');
    throw error;
  }
};
