import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import type { Client } from '../../bench/demo/client';
import { pause } from '../../chassis/deadline';
import { readShown, type Shown } from './shown';

/** Longer than the sale on a machine that is very busy. */
const endsWithinMs = 40_000;
/** Refusals are watched too: buyers go on for this many samples after the last unit is sold. */
const samplesAfter = 4;

/** Buyers who press from before the opening until the signal aborts, each for one to three units. */
const press = async (
  commands: Client,
  {
    itemId,
    perSecond,
    signal,
  }: { readonly itemId: string; readonly perSecond: number; readonly signal: AbortSignal },
): Promise<void> => {
  const pressed: Promise<unknown>[] = [];
  for (let index = 0; !signal.aborted; index += 1) {
    const body = {
      user_id: `buyer-${index}`,
      item_id: itemId,
      amount: 1 + (index % 3),
      request_id: randomUUID(),
    };
    pressed.push(commands.post('/commands/buy', body));
    await pause(1_000 / perSecond, signal);
  }
  await Promise.all(pressed);
};

const isSoldOut = ({ item }: Shown): boolean => item.left === 0;
const isOver = (shown: Shown): boolean => isSoldOut(shown) && shown.open === 0;

/** Lets buyers press and reads the page again and again, until everything is sold and everybody has an answer. */
export const watchSale = async (sale: {
  readonly page: Page;
  readonly commands: Client;
  readonly itemId: string;
  readonly everyMs: number;
  readonly perSecond: number;
}): Promise<readonly Shown[]> => {
  const { page, itemId, everyMs } = sale;
  const stopping = new AbortController();
  const pressing = press(sale.commands, { ...sale, signal: stopping.signal });
  const samples: Shown[] = [];
  const endsAtMs = performance.now() + endsWithinMs;
  try {
    for (let after = 0; performance.now() < endsAtMs;) {
      const shown = await readShown(page, itemId);
      if (shown) samples.push(shown);
      if (shown && isSoldOut(shown)) after += 1;
      if (after > samplesAfter) stopping.abort();
      if (shown && stopping.signal.aborted && isOver(shown)) break;
      await pause(everyMs);
    }
  } finally {
    stopping.abort();
    await pressing;
  }
  return samples;
};
