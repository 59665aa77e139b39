"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readShown = void 0;
/** One expression, so that no snapshot comes between two values. */
const textsOf = (itemId) => `(() => {
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
const numberOf = (text) => Number(text.replaceAll(',', ''));
/** The number that stands before or behind the words, 0 without them. */
const numberIn = (text, pattern) => numberOf(pattern.exec(text)?.[1] ?? '0');
const unitsMs = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 };
const lagOf = (text) => {
    const [, number, unit] = /^views ([\d.]+) (ms|s|min|h) behind$/.exec(text) ?? [];
    return number === undefined ? undefined : Number(number) * (unitsMs[unit ?? ''] ?? 1);
};
const dayMs = 86_400_000;
/** `12:00:05 UTC` of the day that makes it nearest to now. */
const secondOf = (clock, nowMs) => {
    const today = new Date(nowMs).toISOString().slice(0, 10);
    const atMs = Date.parse(`${today}T${clock.slice(0, 8)}Z`);
    return atMs - Math.round((atMs - nowMs) / dayMs) * dayMs;
};
const sumOf = (legend, isIt) => legend
    .map((text) => /^(.*) ([\d,]+)$/.exec(text))
    .filter((match) => match !== null && isIt(match[1] ?? ''))
    .reduce((sum, match) => sum + numberOf(match?.[2] ?? ''), 0);
/** `undefined` while the page does not show the item. */
const readShown = async (page, itemId) => {
    const fromMs = Date.now();
    const texts = await page.evaluate(textsOf(itemId));
    const toMs = Date.now();
    const [name = '', left = '', sold = ''] = texts.item;
    if (name === '')
        return undefined;
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
exports.readShown = readShown;
//# sourceMappingURL=shown.js.map