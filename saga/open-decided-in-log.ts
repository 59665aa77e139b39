import { InfrastructureError } from '../chassis/kafka/log';
import type { Releasers, ReportFatal } from '../chassis/lifecycle';
import { createDecidedInLog, type DecidedInLog, type DecidedInLogParts } from './decided-in-log';

export interface OpenDecidedInLogParts extends Omit<DecidedInLogParts, 'wallClockMs' | 'answerAgeMaxMs'> {
  readonly config: { readonly HORIZON: number };
  readonly releasers: Releasers;
}

/** Begins to read at once, so that the first order that needs it need not wait for all of the log. */
export const openDecidedInLog = (parts: OpenDecidedInLogParts, onFatal: ReportFatal): DecidedInLog => {
  const over = new AbortController();
  const decidedInLog = createDecidedInLog(
    { ...parts, wallClockMs: Date.now, answerAgeMaxMs: parts.config.HORIZON / 2 },
    over.signal,
  );
  const reading = decidedInLog.keepReading().catch((error: unknown) => onFatal(70, error as Error));
  parts.releasers.add('decided in log', () => {
    over.abort(new InfrastructureError('the saga stops'));
    return reading;
  });
  return decidedInLog;
};
