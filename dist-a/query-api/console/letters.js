// Dead letters in figures: anybody who sees the page may know how many there are and why, and nothing of their bytes.
import { count, duration, find, make } from './page.js';

const states = ['PARKED', 'FAILED_AGAIN', 'REDRIVEN', 'RESOLVED', 'DISCARDED'];

const summaryOf = (open, oldestAt, nowMs) => {
  if (open === 0) return 'None is open.';
  return `${count(open)} open, the oldest for ${duration(nowMs - Date.parse(oldestAt))}.`;
};

const row = (reason, byState) => {
  const element = make('tr');
  const head = make('th', '', reason);
  head.scope = 'row';
  element.append(head, ...states.map((state) => make('td', '', count(byState[state] ?? 0))));
  return element;
};

export const showLetters = ({ dead_letters: open, letters, at }) => {
  find('letters-summary').textContent = summaryOf(open, letters.oldest_open_at, Date.parse(at));
  const reasons = new Map();
  for (const { state, reason, letters: many } of letters.counts) {
    reasons.set(reason, { ...reasons.get(reason), [state]: many });
  }
  find('letter-counts').hidden = reasons.size === 0;
  find('letter-counts').tBodies[0].replaceChildren(...[...reasons].map(([reason, by]) => row(reason, by)));
};
