import type { Page } from 'playwright-core';

/** What the page showed of one item and of the whole sale at one moment, as a person reads it. */
export interface Shown {
  /** Milliseconds since 1970 before and after the page was read. */
  readonly fromMs: number;
  readonly toMs: number;
  /** The page's clock: the second of the snapshot that was shown. */
  readonly secondMs: number;
  /** How far the page says that its views are behind the log; undefined: it says that it does not know. */
  readonly lagMs: number | undefined;
  readonly item: {
    readonly note: string;
    readonly sold: number;
    readonly stocked: number;
    readonly pending: number;
    readonly left: number;
  };
  readonly oversold: number;
  readonly letters: number;
  readonly open: number;
  /** Averages of the five seconds before this one. */
  readonly acceptedPerSecond: number;
  readonly decidedPerSecond: number;
  /** As texts: half, 95 % and 99 % within; empty when nothing was decided in the second. */
  readonly latency: readonly string[];
  /** Orders of the last two minutes, by the legend of the chart. */
  readonly accepted: number;
  readonly completed: number;
  readonly failed: number;
}

interface Texts {
  readonly item: readonly string[];
  readonly clock: string;
  readonly accepted: string;
  readonly decided: string;
  readonly latency: readonly string[];
  readonly oversold: string;
  readonly letters: string;
  readonly open: string;
  readonly lag: string;
  readonly legend: readonly string[];
}

/** One expression, so that no snapshot comes between two values. */
const textsOf = (itemId: string): string => `(() => {
  const text = (selector) => document.querySelector(selector).textContent;
  const texts = (selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent);
  const row = [...document.querySelectorAll('#items li')].find((one) => one.textContent.startsWith('${itemId}'));
  const part = (selector) => row?.querySelector(selector).textContent ?? '';
  return {
    item: [part('.item-name span'), part('.item-left'), part('.item-sold')],
    oversold: text('#oversold b'), letters: text('#letters b'), open: text('#open b'), lag: text('#age'), clock: text('#clock'),
    accepted: text('#accepted b'), decided: text('#decided b'), latency: texts('#latency dd'),
    legend: texts('#rate-legend .key'),
  };
})()`;

const numberOf = (text: string): number => Number(text.replaceAll(',', ''));

/** The number that stands before or behind the words, 0 without them. */
const numberIn = (text: string, pattern: RegExp): number => numberOf(pattern.exec(text)?.[1] ?? '0');

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 };
const lagOf = (text: string): number | undefined => {
  const [, number, unit] = /^views ([\d.]+) (ms|s|min|h) behind$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * (unitsMs[unit ?? ''] ?? 1);
};

const dayMs = 86_400_000;
/** `12:00:05 UTC` of the day that makes it nearest to now. */
const secondOf = (clock: string, nowMs: number): number => {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const atMs = Date.parse(`${today}T${clock.slice(0, 8)}Z`);
  return atMs - Math.round((atMs - nowMs) / dayMs) * dayMs;
};

const sumOf = (legend: readonly string[], isIt: (name: string) => boolean): number =>
  legend
    .map((text) => /^(.*) ([\d,]+)$/.exec(text))
    .filter((match) => match !== null && isIt(match[1] ?? ''))
    .reduce((sum, match) => sum + numberOf(match?.[2] ?? ''), 0);

/** `undefined` while the page does not show the item. */
export const readShown = async (page: Page, itemId: string): Promise<Shown | undefined> => {
  const fromMs = Date.now();
  const texts = await page.evaluate<Texts>(textsOf(itemId));
  const toMs = Date.now();
  const [name = '', left = '', sold = ''] = texts.item;
  if (name === '') return undefined;
  return {
    fromMs,
    toMs,
    secondMs: secondOf(texts.clock, toMs),
    lagMs: lagOf(texts.lag),
    item: {
      note: name.slice(itemId.length).replace(/^: /, ''),
      sold: numberIn(sold, /^([\d,]+) of/),
      stocked: numberIn(sold, /of ([\d,]+) sold/),
      pending: numberIn(sold, /([\d,]+) in progress/),
      left: numberIn(left, /^([\d,]+) left$/),
    },
    oversold: numberOf(texts.oversold),
    letters: numberOf(texts.letters),
    open: numberOf(texts.open),
    acceptedPerSecond: numberOf(texts.accepted),
    decidedPerSecond: numberOf(texts.decided),
    latency: texts.latency.filter((text) => text !== '–'),
    accepted: sumOf(texts.legend, (text) => text === 'accepted'),
    completed: sumOf(texts.legend, (text) => text === 'completed'),
    failed: sumOf(texts.legend, (text) => text !== 'accepted' && text !== 'completed'),
  };
};
