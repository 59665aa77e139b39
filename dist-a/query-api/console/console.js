// The console: shows the snapshot that arrives once a second. No state of its own but the latency curve.
import { drawLatency, drawRate, failedOf } from './chart.js';
import { openDesk } from './letter-desk.js';
import { showLetters } from './letters.js';
import { count, duration, find, make, show } from './page.js';
import { showPipeline } from './pipeline.js';
import { showRebuilds } from './rebuilds.js';
import { showStock } from './stock.js';

/** Averages of five whole seconds: the last one still goes on. */
const ratesOf = (seconds) => {
  const last = seconds.slice(-6, -1);
  const average = (of) =>
    count(Math.round(last.reduce((sum, one) => sum + of(one), 0) / Math.max(1, last.length)));
  return {
    accepted: average((one) => one.accepted),
    decided: average((one) => one.completed + failedOf(one)),
  };
};

const showSnapshot = (snapshot) => {
  const { oversold, seconds, dead_letters: letters } = snapshot;
  const { accepted, decided } = ratesOf(seconds);
  find('clock').textContent = `${snapshot.at.slice(11, 19)} UTC`;
  show('oversold', count(oversold), oversold > 0 ? 'bad' : 'good');
  show('accepted', accepted);
  show('decided', decided);
  show('open', count(snapshot.open_orders));
  show('letters', count(letters), letters > 0 ? 'bad' : 'good');
  showStock(snapshot);
  drawRate(seconds);
  drawLatency(snapshot.latency);
  showPipeline(snapshot, accepted);
  showLetters(snapshot);
  showRebuilds(snapshot);
};

const connect = () => {
  const stream = new EventSource('/console/stream');
  const lost = (text) => {
    show('link', text, 'bad');
    document.body.dataset.link = 'lost';
  };
  stream.addEventListener('snapshot', (event) => {
    show('link', 'live', 'good');
    document.body.dataset.link = 'live';
    showSnapshot(JSON.parse(event.data));
  });
  stream.addEventListener('unknown', (event) =>
    lost(`unknown since ${JSON.parse(event.data).since.slice(11, 19)}`),
  );
  // The browser reconnects by itself, unless the server answered with an error.
  stream.addEventListener('error', () => {
    lost('connection lost, trying again');
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
  find('order-status').className = order.ok ? 'status' : 'empty';
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
