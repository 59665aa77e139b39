import type { Page } from 'playwright-core';

/** What the page showed of one item and of the whole sale at one moment, as a person reads it. */
export interface Shown {
  /** Milliseconds since 1970 before and after the page was read. */
  readonly fromMs: number;
  readonly toMs: number;
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
  /** Orders of the last two minutes, by the legend of the chart. */
  readonly accepted: number;
  readonly completed: number;
  readonly failed: number;
}

interface Texts {
  readonly item: readonly [string, string];
  readonly oversold: string;
  readonly letters: string;
  readonly open: string;
  readonly lag: string;
  readonly legend: readonly string[];
}

/** One expression, so that no snapshot comes between two values. */
const textsOf = (itemId: string): string => `(() => {
  const text = (selector) => document.querySelector(selector).textContent;
  const row = [...document.querySelectorAll('#items .item-name')].find((one) => one.textContent.startsWith('${itemId}'));
  return {
    item: row ? [...row.children].map((one) => one.textContent) : ['', ''],
    oversold: text('#oversold b'), letters: text('#letters b'), open: text('#open b'), lag: text('#to-view b'),
    legend: [...document.querySelectorAll('#rate-legend .key')].map((one) => one.textContent),
  };
})()`;

const numberOf = (text: string): number => Number(text.replaceAll(',', ''));

/** The number that stands before or behind the words, 0 without them. */
const numberIn = (text: string, pattern: RegExp): number => numberOf(pattern.exec(text)?.[1] ?? '0');

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 };
const lagOf = (text: string): number | undefined => {
  const [, number, unit] = /^([\d.]+) (ms|s|min|h) behind$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * (unitsMs[unit ?? ''] ?? 1);
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
  const [name, figures] = texts.item;
  if (name === '') return undefined;
  return {
    fromMs,
    toMs,
    lagMs: lagOf(texts.lag),
    item: {
      note: name.slice(itemId.length).replace(/^: /, ''),
      sold: numberIn(figures, /^([\d,]+) of/),
      stocked: numberIn(figures, /of ([\d,]+) sold/),
      pending: numberIn(figures, /([\d,]+) in progress/),
      left: numberIn(figures, /([\d,]+) left$/),
    },
    oversold: numberOf(texts.oversold),
    letters: numberOf(texts.letters),
    open: numberOf(texts.open),
    accepted: sumOf(texts.legend, (text) => text === 'accepted'),
    completed: sumOf(texts.legend, (text) => text === 'completed'),
    failed: sumOf(texts.legend, (text) => text !== 'accepted' && text !== 'completed'),
  };
};
