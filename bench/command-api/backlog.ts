import { pause } from '../../chassis/deadline';

const pollMs = 250;
const drainWithinMs = 120_000;

const gaugeSum = async (url: string, metric: string): Promise<number> => {
  const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(10_000) });
  const values = [...(await answer.text()).matchAll(new RegExp(`^${metric}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))];
  return values.reduce((sum, [, value]) => sum + Number(value), 0);
};

export interface Backlog {
  /** Orders that the saga had not decided when the burst ended. */
  readonly orders: number;
  /** Until everything was decided and in the view; undefined when that took longer than two minutes. */
  readonly drainedSeconds: number | undefined;
}

/** Waits for the saga and the projector to have done all that the log holds. */
export const drainBacklog = async (sagaUrl: string, projectorUrl: string): Promise<Backlog> => {
  const startedAtMs = performance.now();
  const orders = await gaugeSum(sagaUrl, 'saga_lag_records');
  for (;;) {
    const left =
      (await gaugeSum(sagaUrl, 'saga_lag_records')) + (await gaugeSum(projectorUrl, 'projector_lag_events'));
    const seconds = (performance.now() - startedAtMs) / 1000;
    if (left === 0) return { orders, drainedSeconds: seconds };
    if (seconds * 1000 > drainWithinMs) return { orders, drainedSeconds: undefined };
    await pause(pollMs);
  }
};
