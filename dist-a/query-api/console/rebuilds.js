// Views that are built anew: how far, how fast, and whether somebody must look.
import { count, duration, find, make } from './page.js';

const words = {
  NONE: ['no rebuild', 'good'],
  BUILDING: ['building', 'good'],
  STALLED: ['STALLED', 'bad'],
  BUILT: ['built, not verified', 'good'],
  VERIFIED: ['verified, not switched', 'good'],
  SWITCHED: ['switched', 'good'],
  ROLLED_BACK: ['rolled back', 'good'],
};

const stateOf = ({ view, state, is_at_work: isAtWork }) => {
  const [word, mark] = words[state] ?? [state, 'bad'];
  if (isAtWork) return [`${word}, at work`, mark];
  const isLeft = state === 'BUILDING' || state === 'STALLED';
  return isLeft ? [`${word}, nobody at work: npx flash-sale replay start ${view}`, 'bad'] : [word, mark];
};

const figuresOf = (rebuild, nowMs) => {
  const { events_done: done, events_total: total, eta_seconds: eta, last_progress_at: last } = rebuild;
  const left = Math.max(0, total - done);
  // Not 100 before it is done: a person reads that as finished.
  const percent = left === 0 ? 100 : Math.min(99, Math.floor((done / total) * 100));
  if (rebuild.state !== 'BUILDING' && rebuild.state !== 'STALLED') return `${count(done)} events`;
  const rate = `${count(Math.round(rebuild.events_per_second))} events/s`;
  const end = eta === null ? 'no end in sight' : `${duration(eta * 1000)} to go`;
  return `${percent} %, ${rate}, ${count(left)} behind, ${end}, last step ${duration(nowMs - Date.parse(last))} ago`;
};

const row = (nowMs) => (rebuild) => {
  const { view, live_version: live, state, events_done: done, events_total: total, trouble } = rebuild;
  const [text, mark] = stateOf(rebuild);
  const element = make('li');
  element.dataset.view = view;
  const line = make('div', 'item-name');
  const name = make('span', 'rebuild-state', `${view}: ${text}`);
  name.dataset.state = mark;
  const known = state === 'NONE' ? `live version ${live ?? 'none'}` : figuresOf(rebuild, nowMs);
  line.append(name, make('span', '', known));
  element.append(line);
  if (state === 'BUILDING' || state === 'STALLED') {
    const bar = make('progress');
    bar.max = Math.max(1, total);
    bar.value = done;
    bar.setAttribute('aria-label', `rebuild of ${view}`);
    element.append(bar);
  }
  if (trouble) element.append(make('small', '', trouble));
  return element;
};

export const showRebuilds = ({ rebuilds, at }) =>
  find('rebuilds').replaceChildren(...rebuilds.map(row(Date.parse(at))));
