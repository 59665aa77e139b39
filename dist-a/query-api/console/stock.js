// A bar for each item: sold, in progress, left, and what an operator has made of its sale.
import { count, find, make } from './page.js';

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

const leftOf = ({ shortfall, available }) => {
  if (shortfall > 0) return [`${count(shortfall)} oversold`, 'bad'];
  return available === 0 ? ['sold out', 'out'] : [`${count(available)} left`, 'some'];
};

const itemRow = (item) => {
  const { item_id: id, stocked, sold, pending } = item;
  const row = make('li');
  const head = make('div', 'item-name');
  const [left, state] = leftOf(item);
  const mark = make('span', 'item-left', left);
  mark.dataset.state = state;
  head.append(make('span', '', [id, saleNotes(item)].filter(Boolean).join(': ')), mark);
  const bar = make('div', 'bar');
  const whole = Math.max(1, stocked, sold);
  bar.append(part('sold', sold / whole), part('pending', Math.min(pending, whole - sold) / whole));
  const progress = pending > 0 ? `, ${count(pending)} in progress` : '';
  row.append(head, bar, make('small', 'item-sold', `${count(sold)} of ${count(stocked)} sold${progress}`));
  return row;
};

/** In the order of the server: oversold ones, then what is being sold. */
export const showStock = ({ items }) => {
  find('no-items').hidden = items.length > 0;
  find('items').replaceChildren(...items.map(itemRow));
};
