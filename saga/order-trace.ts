import type { Tracing } from '../chassis/tracing';
import { joinTrace } from '../schemas/record-trace';
import type { OrderWork } from './order-work';

/** Gives the sampled orders of a chunk their spans; an order that is handed over again gets one each time. */
export const beginSpans = (tracing: Tracing, works: readonly OrderWork[]): void => {
  if (!tracing.isOn) return;
  for (const work of works) work.span = joinTrace(tracing, work.record);
};

export const endSpans = (works: readonly OrderWork[]): void => {
  for (const { span, isDone } of works) {
    span?.end({ 'flashsale.chunk_orders': works.length }, isDone ? undefined : 'not done, handed over again');
  }
};
