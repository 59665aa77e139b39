import type { FieldFault, Problem } from '../chassis/http/problem';
import { parseInstantMs, parseTimestampMs } from '../chassis/instant';
import type { SaleChanged } from '../schemas/events';
import { isCount, isName, lineFault } from '../schemas/fields';
import type { ItemState } from '../schemas/item-ledger';
import {
  aliases,
  pushFault,
  readActor,
  readReason,
  type AdminCommand,
  type AdminReader,
  type Plan,
} from './admin-commands';
import { identifierFault, takeMembers } from './buy';
import { judgeSale, saleBody, type SaleOrder, type SaleWindow } from './sale';

const members = aliases('item_id', 'action', 'opens_at', 'closes_at', 'reason', 'command_id', 'actor');

const orders: ReadonlyMap<unknown, SaleOrder> = new Map([
  ['open', 'OPEN'],
  ['pause', 'PAUSE'],
  ['resume', 'RESUME'],
  ['close', 'CLOSE'],
  ['schedule', 'SCHEDULE'],
]);

const instantFault = 'must be a time such as 2026-11-27T12:00:00Z, milliseconds since 1970, or null';

/** Milliseconds since 1970; null for none; undefined for what is no time. */
const instantMs = (value: unknown): number | null | undefined => {
  if (value === undefined || value === null) return null;
  // A number of more digits is a time that no Date can hold: every answer about the sale would fail.
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const ms = typeof value === 'string' ? parseTimestampMs(value) : parseInstantMs(String(value));
  return isCount(ms) ? ms : undefined;
};

const unusableTimes = ({ opensAtMs, closesAtMs }: Partial<SaleWindow>): readonly FieldFault[] => {
  const faults: FieldFault[] = [];
  pushFault(faults, 'opens_at', opensAtMs === undefined ? instantFault : undefined);
  pushFault(faults, 'closes_at', closesAtMs === undefined ? instantFault : undefined);
  return faults;
};

const needlessTimes = ({ opensAtMs, closesAtMs }: SaleWindow): readonly FieldFault[] => {
  const faults: FieldFault[] = [];
  const message = 'belongs to the action schedule';
  pushFault(faults, 'opens_at', opensAtMs === null ? undefined : message);
  pushFault(faults, 'closes_at', closesAtMs === null ? undefined : message);
  return faults;
};

const scheduleFaults = ({ opensAtMs, closesAtMs }: SaleWindow, nowMs: number): readonly FieldFault[] => {
  if (opensAtMs === null && closesAtMs === null) {
    return [{ field: 'opens_at', message: 'or closes_at is needed to schedule a sale' }];
  }
  return closesAtMs === null || closesAtMs > Math.max(nowMs, opensAtMs ?? 0)
    ? []
    : [{ field: 'closes_at', message: 'must be in the future and after opens_at' }];
};

const windowFaults = (
  order: SaleOrder | undefined,
  window: Partial<SaleWindow>,
  nowMs: number,
): readonly FieldFault[] => {
  const unusable = unusableTimes(window);
  if (unusable.length > 0 || order === undefined) return unusable;
  const times = window as SaleWindow;
  return order === 'SCHEDULE' ? scheduleFaults(times, nowMs) : needlessTimes(times);
};

const illegalTransition = (item: ItemState, instead: string, nowMs: number): Problem => ({
  status: 409,
  error: 'ILLEGAL_TRANSITION',
  title: 'The sale cannot go there from where it is',
  detail: instead,
  more: { sale: saleBody(item.sale, nowMs) },
});

/** Another command came between the look at the sale and this one's place in the log. */
export const saleOvertaken = (item: ItemState, nowMs: number): Problem => ({
  status: 409,
  error: 'VERSION_CONFLICT',
  title: 'The sale was changed at the same time',
  detail: 'Another command was first, and this one changes nothing. Look again, then decide.',
  more: { current_version: item.sale.version, sale: saleBody(item.sale, nowMs) },
});

type Asked = Pick<SaleChanged, 'item_id' | 'command_id' | 'reason' | 'actor'> & {
  readonly order: SaleOrder;
  readonly window: SaleWindow;
  readonly nowMs: number;
};

const planSale = ({ order, window, nowMs, ...common }: Asked, item: ItemState): Plan => {
  const verdict = judgeSale(item.sale, order, window, nowMs);
  if (verdict.kind === 'illegal') {
    return { kind: 'objection', problem: illegalTransition(item, verdict.instead, nowMs) };
  }
  const { mode, opensAtMs, closesAtMs } = verdict.sale;
  const event: SaleChanged = {
    type: 'SaleChanged',
    ...common,
    action: order,
    mode,
    opens_at: opensAtMs,
    closes_at: closesAtMs,
    expected_version: item.sale.version,
    changed_at: nowMs,
  };
  return { kind: 'event', event };
};

export const readSale: AdminReader = (given, { nowMs }) => {
  const faults: FieldFault[] = [];
  const taken = takeMembers(given, members, faults);
  const itemId = taken.get('item_id');
  const order = orders.get(taken.get('action'));
  const window = {
    opensAtMs: instantMs(taken.get('opens_at')),
    closesAtMs: instantMs(taken.get('closes_at')),
  };
  pushFault(faults, 'item_id', isName(itemId) ? undefined : identifierFault);
  pushFault(faults, 'action', order ? undefined : `must be one of ${[...orders.keys()].join(', ')}`);
  faults.push(...windowFaults(order, window, nowMs));
  const reason = readReason(taken, faults);
  pushFault(faults, 'command_id', lineFault(taken.get('command_id')));
  const actor = readActor(taken, faults);
  if (faults.length > 0 || order === undefined) return { kind: 'faults', faults };

  const asked: Asked = {
    item_id: itemId as string,
    command_id: taken.get('command_id') as string,
    reason,
    actor,
    order,
    window: window as SaleWindow,
    nowMs,
  };
  const { item_id, command_id } = asked;
  const command: AdminCommand = {
    itemId: item_id,
    commandId: command_id,
    payload: `sale:${item_id}:${order}:${window.opensAtMs}:${window.closesAtMs}:${asked.reason ?? ''}`,
    plan: (item) => planSale(asked, item),
    overtaken: (item) => saleOvertaken(item, nowMs),
  };
  return { kind: 'command', command };
};
