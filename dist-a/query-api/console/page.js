// What every part of the page writes with. All text is set as text: names and reasons come from anybody.
export const find = (id) => document.getElementById(id);

export const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

const svgSpace = 'http://www.w3.org/2000/svg';
export const draw = (tag, attributes, text) => {
  const element = document.createElementNS(svgSpace, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  return element;
};

export const count = (number) => number.toLocaleString('en');

/** Milliseconds for a person: 250 ms, 2.4 s, 12 min, 3 h. */
export const duration = (ms) => {
  if (ms === null || ms === undefined) return '–';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
};

/** Text and state of a figure: good, bad or unknown, which is shown by a mark as well as by a colour. */
export const show = (id, text, state) => {
  const element = find(id);
  (element.querySelector('b') ?? element).textContent = text;
  if (state) element.dataset.state = state;
};
