// The console: shows the snapshot that arrives once a second. No state of its own but the latency curve.
import { openDesk } from './letter-desk.js';
import { showLetters } from './letters.js';
import { count, duration, find, make, show } from './page.js';
import { showRebuilds } from './rebuilds.js';

const svgSpace = 'http://www.w3.org/2000/svg';
const secondsShown = 120;
const draw = (tag, attributes) => {
  const element = document.createElementNS(svgSpace, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};
const part = (className, share) => {
  const element = make('div', className);
  element.style.width = `${Math.min(100, Math.max(0, share * 100))}%`;
  return element;
};

/** What an operator has made of the sale, where it is not simply on. */
const saleNotes = ({ sale, buyer_limit: limit }) => {
  const at = (instant) => new Date(instant).toLocaleTimeString();
  const state = {
    OPEN: sale.closes_at ? `open until ${at(sale.closes_at)}` : '',
    SCHEDULED: `opens at ${at(sale.opens_at)}`,
    PAUSED: 'paused',
    CLOSED: 'closed',
  }[sale.state];
  return [state, limit === null ? '' : `at most ${count(limit)} a buyer`].filter(Boolean).join(', ');
};

const itemRow = (item) => {
  const { item_id, stocked, sold, pending, available, oversold } = item;
  const row = make('li');
  const name = make('div', 'item-name');
  const left =
    oversold > 0 ? `${count(oversold)} oversold` : available === 0 ? 'sold out' : `${count(available)} left`;
  const progress = pending > 0 ? `, ${count(pending)} in progress` : '';
  name.append(
    make('span', '', [item_id, saleNotes(item)].filter(Boolean).join(': ')),
    make('span', '', `${count(sold)} of ${count(stocked)} sold${progress}, ${left}`),
  );
  const bar = make('div', 'bar');
  const whole = Math.max(1, stocked, sold);
  bar.append(part('sold', sold / whole), part('pending', Math.min(pending, whole - sold) / whole));
  row.append(name, bar);
  return row;
};

/** What is being sold comes before what is sold out or idle. */
const busiestFirst = (one, other) => other.pending - one.pending || other.available - one.available;

const failedOf = (second) => Object.entries(second.failed).reduce((sum, [, orders]) => sum + orders, 0);

/** Stacked columns of what was decided, and a line of what was accepted. */
const drawRate = (seconds) => {
  const chart = find('rate');
  const [width, height] = [secondsShown * 5, 120];
  chart.setAttribute('viewBox', `0 0 ${width} ${height}`);
  const top = Math.max(1, ...seconds.map((one) => Math.max(one.accepted, one.completed + failedOf(one))));
  const y = (orders) => height - (orders / top) * (height - 14);
  const columns = seconds.flatMap((one, index) => {
    const [x, completed, decided] = [index * 5, one.completed, one.completed + failedOf(one)];
    return [
      draw('rect', { class: 'completed', x, y: y(completed), width: 4, height: height - y(completed) }),
      draw('rect', { class: 'failed', x, y: y(decided), width: 4, height: y(completed) - y(decided) }),
    ];
  });
  const points = seconds.map((one, index) => `${index * 5 + 2},${y(one.accepted)}`).join(' ');
  chart.replaceChildren(...columns, draw('polyline', { class: 'line', points }));
  find('rate-scale').textContent = `up to ${count(top)} a second`;

  const reasons = {};
  for (const one of seconds) {
    for (const [reason, orders] of Object.entries(one.failed))
      reasons[reason] = (reasons[reason] ?? 0) + orders;
  }
  const accepted = seconds.reduce((sum, one) => sum + one.accepted, 0);
  const completed = seconds.reduce((sum, one) => sum + one.completed, 0);
  find('rate-legend').replaceChildren(
    make('span', 'key line', `accepted ${count(accepted)}`),
    make('span', 'key completed', `completed ${count(completed)}`),
    ...Object.entries(reasons).map(([reason, orders]) =>
      make('span', 'key failed', `${reason} ${count(orders)}`),
    ),
  );
};

const curve = [];
const drawLatency = (latency) => {
  for (const value of document.querySelectorAll('#latency dd'))
    value.textContent = duration(latency?.[value.dataset.p]);
  curve.push(latency?.p99 ?? null);
  if (curve.length > secondsShown) curve.shift();
  const chart = find('latency-chart');
  const [width, height] = [secondsShown * 5, 60];
  chart.setAttribute('viewBox', `0 0 ${width} ${height}`);
  const top = Math.max(100, ...curve.filter((ms) => ms !== null));
  const points = curve.flatMap((ms, index) =>
    ms === null ? [] : [`${index * 5},${height - (ms / top) * (height - 12)}`],
  );
  chart.replaceChildren(draw('polyline', { class: 'line', points: points.join(' ') }));
  find('latency-scale').textContent = `99 of 100, up to ${duration(top)}`;
};

const showDependencies = (health) => {
  find('dependencies').replaceChildren(
    ...Object.entries(health.dependencies).map(([name, { status, detail }]) => {
      const item = make('li', '', status === 'up' ? name : `${name}: ${detail ?? status}`);
      item.dataset.state = status === 'up' ? 'up' : 'down';
      return item;
    }),
  );
};

const showArrow = (id, text, isBad) => show(id, text, isBad ? 'bad' : 'good');

const showSnapshot = (snapshot) => {
  const { items, seconds, latency, dead_letters: letters, lag_ms: lag, open_orders: open } = snapshot;
  const last = seconds.slice(-6, -1);
  const perSecond = (of) =>
    count(Math.round(last.reduce((sum, one) => sum + of(one), 0) / Math.max(1, last.length)));
  find('clock').textContent = `${snapshot.at.slice(11, 19)} UTC`;
  show('oversold', count(snapshot.oversold), snapshot.oversold > 0 ? 'bad' : 'good');
  show(
    'accepted',
    perSecond((one) => one.accepted),
  );
  show(
    'decided',
    perSecond((one) => one.completed + failedOf(one)),
  );
  show('open', count(open));
  show('letters', count(letters), letters > 0 ? 'bad' : 'good');
  find('items').replaceChildren(...[...items].sort(busiestFirst).map(itemRow));
  drawRate(seconds);
  drawLatency(latency);
  showDependencies(snapshot.health);
  showArrow('to-saga', `${count(open)} open`, false);
  showArrow('to-view', lag === null ? 'unknown' : `${duration(lag)} behind`, lag === null || lag > 5000);
  showArrow('to-reader', snapshot.is_listening ? 'live' : 'polling', !snapshot.is_listening);
  showLetters(snapshot);
  showRebuilds(snapshot);
};

const connect = () => {
  const stream = new EventSource('/console/stream');
  stream.addEventListener('snapshot', (event) => {
    show('link', 'live', 'up');
    showSnapshot(JSON.parse(event.data));
  });
  stream.addEventListener('unknown', (event) =>
    show('link', `unknown since ${JSON.parse(event.data).since.slice(11, 19)}`, 'down'),
  );
  // The browser reconnects by itself, unless the server answered with an error.
  stream.addEventListener('error', () => {
    show('link', 'connection lost, trying again', 'down');
    if (stream.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
  });
};

const timelineRow = (first) => (entry) => {
  const row = make('li');
  const at = Date.parse(entry.appended_at);
  const what = make('div', '', entry.effect === 'applied' ? entry.type : `${entry.type} (${entry.effect})`);
  what.append(make('small', '', `${entry.topic}:${entry.partition}:${entry.offset} · ${entry.event_id}`));
  row.append(make('span', '', `+${duration(at - first)}`), what);
  return row;
};

const showOrder = async (requestId) => {
  const path = `/orders/${encodeURIComponent(requestId)}`;
  const [order, timeline] = await Promise.all([fetch(path), fetch(`${path}/timeline`)]);
  const body = await order.json();
  find('order-status').textContent = order.ok
    ? `${body.status}${body.stale ? ` (the view is ${duration(body.lag_ms)} behind)` : ''}`
    : (body.title ?? `HTTP ${order.status}`);
  const events = timeline.ok ? (await timeline.json()).events : [];
  find('timeline').replaceChildren(...events.map(timelineRow(Date.parse(events[0]?.appended_at))));
};

find('find').addEventListener('submit', (event) => {
  event.preventDefault();
  const requestId = find('request-id').value.trim();
  showOrder(requestId).catch(() => {
    find('order-status').textContent = 'The query API does not answer.';
  });
});
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.target instanceof HTMLInputElement) return;
  event.preventDefault();
  find('request-id').focus();
});
openDesk();
connect();
