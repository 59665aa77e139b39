// The way of an order: every process with what it depends on, and what waits on every arrow.
import { count, duration, find, make, show } from './page.js';

/** Over which the alerts of the runbooks fire is 30 s; here somebody looks, and wants to see it earlier. */
const lagMostMs = 5_000;

const stateWords = {
  up: ['', 'good'],
  degraded: ['degraded', 'warn'],
  down: ['down', 'bad'],
  silent: ['no answer', 'bad'],
  unknown: ['unknown', 'unknown'],
};

const dependency = ([name, { status, detail }]) => {
  const item = make('li', '', name);
  item.dataset.state = { up: 'good', down: 'bad' }[status] ?? 'unknown';
  if (status !== 'up') item.append(' ', make('small', '', detail ?? status));
  return item;
};

const breakerStates = { closed: 'good', 'half-open': 'warn', open: 'bad' };

const showProcess = ({ name, state, dependencies }) => {
  const stage = document.querySelector(`.stage[data-process="${name}"]`);
  const [word, mark] = stateWords[state] ?? [state, 'unknown'];
  stage.dataset.state = mark;
  const title = make('h3', '', name);
  if (word) title.append(' ', make('small', '', word));
  stage.querySelector('h3').replaceWith(title);
  stage.querySelector('ul').replaceChildren(...Object.entries(dependencies).map(dependency));
};

const showLag = (id, topic, lag) => {
  const isLate = lag !== null && lag.ms > lagMostMs;
  const text = lag === null ? 'unknown' : lag.events === 0 ? 'nothing waits' : `${duration(lag.ms)} behind`;
  show(id, text, lag === null ? 'unknown' : isLate ? 'bad' : 'good');
  find(id).querySelector('span').textContent = lag?.events ? `${topic}\n${count(lag.events)} waiting` : topic;
};

/** @param rate orders accepted a second */
export const showPipeline = ({ pipeline, lag_ms: lagMs, is_listening: isListening }, rate) => {
  pipeline.processes.forEach(showProcess);
  const breaker = pipeline.circuit_breaker;
  show('breaker', breaker ?? 'unknown', breakerStates[breaker] ?? 'unknown');
  show('to-api', `${rate} / s`);
  showLag('to-saga', 'order-requests', pipeline.lag.saga);
  showLag('to-view', 'order-outcomes', pipeline.lag.view);
  show('to-reader', isListening ? 'live' : 'polled', isListening ? 'good' : 'warn');
  const age =
    lagMs === null ? 'nobody knows how far the views are behind' : `views ${duration(lagMs)} behind`;
  show('age', age, lagMs === null ? 'unknown' : lagMs > lagMostMs ? 'bad' : 'good');
};
