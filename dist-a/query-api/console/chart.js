// The two charts. Drawn in the pixels of the page, so that text and patterns keep their shape at every width.
import { count, draw, duration, find, make } from './page.js';

const secondsShown = 120;
const margin = { top: 10, right: 4, bottom: 20, left: 46 };
/** For the names beside the bands. */
const labelsWidth = 100;
const labelHeight = 15;
/** A name stands beside what its band was on average in so many seconds. */
const labelSeconds = 8;

/** So that half of it is a short number as well. */
const roundUp = (value) => {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 3, 4, 5, 6, 8, 10].find((step) => value <= step * power) * power;
};

/** An empty chart with its axes. */
const frame = (id, { right, top, text }) => {
  const chart = find(id);
  const { clientWidth: width, clientHeight: height } = chart;
  chart.setAttribute('viewBox', `0 0 ${width} ${height}`);
  const end = width - right;
  const bottom = height - margin.bottom;
  const x = (second) => Math.round(margin.left + ((end - margin.left) * second) / (secondsShown - 1));
  const y = (value) => Math.round(bottom - ((bottom - margin.top) * value) / top);
  const rules = [0, top / 2, top].flatMap((value) => [
    draw('line', { class: 'rule', x1: margin.left, x2: end, y1: y(value) + 0.5, y2: y(value) + 0.5 }),
    draw('text', { x: margin.left - 6, y: y(value) + 4, 'text-anchor': 'end' }, text(value)),
  ]);
  const times = [
    ['2 min ago', 0, 'start'],
    ['1 min', 0.5, 'middle'],
    ['now', 1, 'end'],
  ].map(([name, share, anchor]) =>
    draw('text', { x: x(share * (secondsShown - 1)), y: height - 4, 'text-anchor': anchor }, name),
  );
  return { chart, x, y, end, bottom, width, axes: [...rules, ...times] };
};

const emptyNote = ({ end, bottom }, text) =>
  draw('text', { class: 'note', x: (margin.left + end) / 2, y: bottom * 0.3, 'text-anchor': 'middle' }, text);

const words = (reason) => reason.toLowerCase().replaceAll('_', ' ');
/** A reason of a later release has the pattern of OTHER. */
const fillOf = (reason) => `url(#${find(`fill-${reason}`) ? `fill-${reason}` : 'fill-OTHER'})`;
const paint = (name) => (name === 'completed' ? { class: 'completed' } : { fill: fillOf(name) });

const swatch = (name) => {
  const box = draw('svg', { class: 'swatch', viewBox: '0 0 14 14', 'aria-hidden': 'true' });
  box.append(
    name === 'accepted'
      ? draw('path', { class: 'line', d: 'M0 7h14' })
      : draw('rect', { ...paint(name), width: 14, height: 14 }),
  );
  return box;
};

const keyOf = (name, text, orders) => {
  const key = make('span', 'key', `${text} ${count(orders)}`);
  key.prepend(swatch(name));
  return key;
};

const sumOf = (seconds, value) => seconds.reduce((sum, one) => sum + value(one), 0);
export const failedOf = (second) => sumOf(Object.values(second.failed), (orders) => orders);

/** What is stacked, from the ground up; a series that had nothing in two minutes is left out. */
const seriesOf = (seconds) => {
  const reasons = [...new Set(seconds.flatMap(({ failed }) => Object.keys(failed)))].sort();
  const all = [
    { name: 'completed', text: 'completed', value: (second) => second.completed },
    ...reasons.map((name) => ({ name, text: words(name), value: ({ failed }) => failed[name] ?? 0 })),
  ];
  return all
    .map((one) => ({ ...one, total: sumOf(seconds, one.value) }))
    .filter(({ name, total }) => name === 'completed' || total > 0);
};

/** One path for a series: a step for every second, without gaps between them. */
const band = ({ x, y }, seconds, below, { name, value }) => {
  const steps = seconds.flatMap((second, index) => {
    const from = sumOf(below, (one) => one.value(second));
    const here = value(second);
    if (here === 0) return [];
    return [`M${x(index)} ${y(from)}V${y(from + here)}H${x(index + 1)}V${y(from)}Z`];
  });
  return draw('path', { ...paint(name), d: steps.join('') });
};

/** Names to the right of the bands, from the top down, pushed apart where they would overlap. */
const labels = ({ y, end }, seconds, series) => {
  const last = seconds.slice(-labelSeconds);
  const average = (value) => sumOf(last, value) / Math.max(1, last.length);
  let ground = 0;
  const places = series.flatMap(({ name, text, value }) => {
    const middle = ground + average(value) / 2;
    ground += average(value);
    return average(value) > 0 ? [{ name, text, at: y(middle) }] : [];
  });
  const accepted = average((one) => one.accepted);
  if (accepted > 0) places.push({ name: 'accepted', text: 'accepted', at: y(accepted) });
  places.sort((one, other) => other.at - one.at);
  places.forEach((place, index) => {
    const below = places[index - 1];
    if (below) place.at = Math.min(place.at, below.at - labelHeight);
  });
  return places.map(({ text, at }) => draw('text', { class: 'label', x: end + 8, y: at + 4 }, text));
};

/** Stacked bands of what was decided, and a line of what was accepted. The second that still goes on is only counted. */
export const drawRate = (seconds) => {
  const series = seriesOf(seconds);
  const whole = seconds.slice(0, -1);
  const most = Math.max(10, ...whole.map((one) => Math.max(one.accepted, one.completed + failedOf(one))));
  const found = frame('rate', {
    right: labelsWidth,
    top: roundUp(most),
    text: (value) => count(value),
  });
  const bands = series.map((one, index) => band(found, whole, series.slice(0, index), one));
  const points = whole.map(
    ({ accepted }, index) => `${(found.x(index) + found.x(index + 1)) / 2},${found.y(accepted)}`,
  );
  const accepted = sumOf(seconds, (one) => one.accepted);
  const isEmpty = accepted === 0 && series.every(({ total }) => total === 0);
  found.chart.replaceChildren(
    ...found.axes,
    ...(isEmpty
      ? [emptyNote(found, 'no orders in the last two minutes')]
      : [...bands, draw('polyline', { class: 'line', points: points.join(' ') })]),
    ...labels(found, whole, series),
  );
  find('rate-legend').replaceChildren(
    keyOf('accepted', 'accepted', accepted),
    ...series.map(({ name, text, total }) => keyOf(name, text, total)),
  );
};

/** Since the page was opened: the snapshot knows of one second only. */
const curve = new Array(secondsShown).fill(null);

const linesOf = (points) => {
  const lines = [[]];
  for (const point of points) {
    if (point === null) lines.push([]);
    else lines.at(-1).push(point);
  }
  return lines.filter((line) => line.length > 0);
};

export const drawLatency = (latency) => {
  for (const value of document.querySelectorAll('#latency dd'))
    value.textContent = duration(latency?.[value.dataset.p]);
  curve.push(latency?.p99 ?? null);
  curve.shift();
  const top = roundUp(Math.max(100, ...curve.filter((ms) => ms !== null)));
  const found = frame('latency-chart', { right: margin.right, top, text: duration });
  const points = curve.map((ms, second) => (ms === null ? null : [found.x(second), found.y(ms)]));
  const lines = linesOf(points).flatMap((line) => {
    const text = line.map((point) => point.join(' ')).join('L');
    const [first, last] = [line[0], line.at(-1)];
    return [
      draw('path', { class: 'area', d: `M${first[0]} ${found.bottom}L${text}V${found.bottom}Z` }),
      // A dot, where one second stands alone.
      draw('path', { class: 'line', d: `M${text}${line.length === 1 ? `h0.01` : ''}` }),
      draw('circle', {
        class: 'dot',
        cx: last[0],
        cy: last[1],
        r: line === linesOf(points).at(-1) ? 2.5 : 0,
      }),
    ];
  });
  const note = lines.length === 0 ? [emptyNote(found, 'no order was decided yet')] : [];
  found.chart.replaceChildren(...found.axes, ...lines, ...note);
};
