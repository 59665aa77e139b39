import { count, duration } from '../render/figures';
import type { Paint } from '../render/paint';
import { table } from '../render/table';
import type { ProcessStatus, Status } from './read-status';

const stateText = ({ state }: ProcessStatus, paint: Paint): string => {
  switch (state) {
    case 'up':
      return paint.good('up');
    case 'degraded':
      return paint.warn('degraded');
    case 'down':
      return paint.bad('down');
    case 'silent':
      return paint.bad('does not answer');
  }
};

const processRow = (process: ProcessStatus, paint: Paint): readonly string[] => [
  process.name,
  stateText(process, paint),
  process.up_for_ms === undefined ? '-' : duration(process.up_for_ms),
  process.missing.length === 0 ? '' : paint.bad(process.missing.join(', ')),
  paint.dim(process.url),
];

interface Figure {
  readonly name: string;
  readonly value: string | undefined;
  readonly isWell: boolean;
}

const amount = (name: string, value: number | undefined, most = Infinity): Figure => ({
  name,
  value: value === undefined ? undefined : count(Math.round(value * 10) / 10),
  isWell: value === undefined || value <= most,
});

const word = (name: string, value: string | undefined, well: string): Figure => ({
  name,
  value,
  isWell: value === undefined || value === well,
});

/** Seconds over which an alert fires, and counts whose goal is 0. */
const figuresOf = ({ figures }: Status): readonly Figure[] => [
  word('circuit breaker', figures.breaker, 'closed'),
  word('stock store', figures.stock_store, 'open'),
  amount('epoch', figures.epoch),
  amount('saga behind, records', figures.saga_lag_records),
  amount('saga behind, seconds', figures.saga_lag_seconds, 30),
  amount('views behind, seconds', figures.view_lag_seconds, 30),
  amount('payments in flight', figures.payments_in_flight),
  amount('overdue orders', figures.overdue_orders, 0),
  amount('oversold units', figures.oversold_units, 0),
  amount('dead letters', figures.dead_letters, 0),
];

const shown = ({ value, isWell }: Figure, paint: Paint): string => {
  if (value === undefined) return paint.dim('unknown');
  return isWell ? value : paint.bad(value);
};

export const statusLines = (status: Status, paint: Paint): readonly string[] => {
  const columns = ['process', 'state', 'up for', 'does not reach', 'address'].map((title) => ({ title }));
  return [
    ...table(
      columns,
      status.processes.map((process) => processRow(process, paint)),
      paint,
    ),
    '',
    ...table(
      [{ title: 'figure' }, { title: 'now', align: 'right' }],
      figuresOf(status).map((figure) => [figure.name, shown(figure, paint)]),
      paint,
    ),
  ];
};
