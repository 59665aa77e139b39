import { pause } from '../../chassis/deadline';
import type { History } from './history';

const windowMs = 5_000;
const lookEveryMs = 250;
/** More than the nine tenths that the bound asks for: the checker's window lies elsewhere by up to two looks. */
const share = 0.95;

export const never = (): boolean => false;
export const always = (): boolean => true;

/**
 * Whether orders are accepted at nearly the pace at which buyers press, over the last 5 s. To be asked again and again; it never is
 * before it was asked for 5 s.
 */
export const isBack = (
  history: Pick<History, 'counts'>,
  ordersPerSecond: number,
): ((nowMs: number) => boolean) => {
  const looks: { readonly atMs: number; readonly accepted: number }[] = [];
  return (nowMs) => {
    looks.push({ atMs: nowMs, accepted: history.counts()['buy ok'] ?? 0 });
    const since = looks.findLast(({ atMs }) => atMs <= nowMs - windowMs);
    if (!since) return false;
    const accepted = (looks.at(-1)?.accepted ?? 0) - since.accepted;
    return accepted >= (share * ordersPerSecond * (nowMs - since.atMs)) / 1000;
  };
};

/** Waits, but no longer than until `isOver`. */
export const coolDown = async (longestMs: number, isOver: (nowMs: number) => boolean): Promise<void> => {
  const endsAtMs = performance.now() + longestMs;
  while (performance.now() < endsAtMs) {
    if (isOver(performance.now())) {
      await pause(2 * lookEveryMs);
      return;
    }
    await pause(Math.min(lookEveryMs, endsAtMs - performance.now()));
  }
};

/** Three systems that start at once do not accept at their pace for a while; then there is nothing to compare with. */
const warmUpLongestMs = 40_000;

/** Waits for `leastMs`, and on until orders are accepted at their pace, but not for ever: the checker says then that it cannot tell. */
export const warmUp = async (leastMs: number, isWarm: (nowMs: number) => boolean): Promise<void> => {
  const startedAtMs = performance.now();
  await coolDown(
    Math.max(leastMs, warmUpLongestMs),
    (nowMs) => isWarm(nowMs) && nowMs - startedAtMs >= leastMs,
  );
};
