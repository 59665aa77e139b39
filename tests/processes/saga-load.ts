import { pause } from '../../chassis/deadline';
import type { SagaProcess, SagaSale } from './saga-sale';

/** How many records a saga has handled so far. @throws while it does not answer. */
export const handledBy = async ({ url }: SagaProcess): Promise<number> => {
  const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5_000) });
  return Number(/^saga_records_total\S* (\d+)/m.exec(await answer.text())?.[1] ?? 0);
};

export interface Load {
  readonly itemId: string;
  readonly ordersPerSecond: number;
  /** Stocked once a second; fewer than are asked for, so that stock stays scarce. */
  readonly unitsPerSecond: number;
}

const ticksPerSecond = 10;

/** What a busy broker does not acknowledge was promised to nobody, as with a 503; the judge still judges what it holds. */
const isTaken = (append: Promise<void>): Promise<boolean> =>
  append.then(
    () => true,
    () => false,
  );

/**
 * Ninety buyers of one scarce item, for one or two units an order, until the signal aborts. The keys of what the log
 * acknowledged are added to `placed`.
 */
export const sell = async (
  sale: SagaSale,
  load: Load,
  placed: string[],
  signal: AbortSignal,
): Promise<void> => {
  const startedAtMs = Date.now();
  for (let tick = 0; !signal.aborted; tick += 1) {
    if (tick % ticksPerSecond === 0) await isTaken(sale.stock(load.itemId, load.unitsPerSecond));
    const orders = Array.from({ length: load.ordersPerSecond / ticksPerSecond }, (_, index) => ({
      key: `order-${tick}-${index}`,
      itemId: load.itemId,
      userId: `user-${(tick * 7 + index) % 90}`,
      amount: 1 + (index % 3 === 0 ? 1 : 0),
    }));
    if (await isTaken(sale.buy(...orders))) placed.push(...orders.map(({ key }) => key));
    await pause(startedAtMs + ((tick + 1) * 1_000) / ticksPerSecond - Date.now(), signal);
  }
};
