"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.poorContrasts = void 0;
/** What WCAG 2 asks of text at its level AA. */
const least = 4.5;
/** Runs in the page: every element with text of its own, its colour and the first background behind it. */
const measure = `(() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = channels(color).slice(0, 3).map((channel) => {
      const share = channel / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const backgroundOf = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const color = getComputedStyle(one).backgroundColor;
      if (channels(color)[3] !== 0) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
  return [...document.body.querySelectorAll('*')]
    .filter((element) => hasText(element) && element.checkVisibility() && !element.disabled)
    .map((element) => {
      const [light, dark] = [luminance(getComputedStyle(element).color), luminance(backgroundOf(element))].sort((a, b) => b - a);
      const text = element.textContent.trim().slice(0, 40);
      return { text, ratio: (light + 0.05) / (dark + 0.05) };
    });
})()`;
/** Texts of the page that are hard to read. */
const poorContrasts = async (page) => {
    const all = await page.evaluate(measure);
    if (all.length < 30)
        throw new Error(`only ${all.length} texts found: the measure looks at the wrong thing`);
    return all.filter(({ ratio }) => ratio < least).map(({ text, ratio }) => `${ratio.toFixed(1)}: ${text}`);
};
exports.poorContrasts = poorContrasts;
//# sourceMappingURL=contrast.js.map