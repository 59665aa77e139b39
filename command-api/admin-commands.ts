import type { FieldFault } from '../chassis/http/problem';
import type { BuyerLimitSet, StockAdjusted } from '../schemas/events';
import { identifierFault, isIdentifier, takeMembers, textFault, type Members } from './buy';

export type AdminEvent = StockAdjusted | BuyerLimitSet;

/** Who ordered it and when: what the body does not say. */
export interface AdminContext {
  readonly actor: string;
  readonly nowMs: number;
}

export type ReadAdmin =
  | {
      readonly kind: 'command';
      readonly event: AdminEvent;
      /** Equal if and only if the same thing is asked for. */
      readonly payload: string;
    }
  | { readonly kind: 'faults'; readonly faults: readonly FieldFault[] };

/** Reads one operator's command from the members of a body. */
export type AdminReader = (members: Members, context: AdminContext) => ReadAdmin;

const unitsMax = 1_000_000;
const reasonCharactersMax = 500;

const aliases = (...names: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    names.flatMap((name) => [
      [name, name],
      [name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()), name],
    ]),
  );

const isInteger = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;

const push = (faults: FieldFault[], field: string, message: string | undefined): void => {
  if (message !== undefined) faults.push({ field, message });
};

const adjustMembers = aliases('item_id', 'delta', 'reason', 'command_id');

export const readAdjustStock: AdminReader = (members, { actor, nowMs }) => {
  const faults: FieldFault[] = [];
  const taken = takeMembers(members, adjustMembers, faults);
  const itemId = taken.get('item_id');
  const delta = taken.get('delta');
  const isDelta = isInteger(delta, -unitsMax, unitsMax) && delta !== 0;
  push(faults, 'item_id', isIdentifier(itemId) ? undefined : identifierFault);
  push(
    faults,
    'delta',
    isDelta ? undefined : `must be an integer from -${unitsMax} to ${unitsMax}, and not 0`,
  );
  push(faults, 'reason', textFault(taken.get('reason'), reasonCharactersMax));
  push(faults, 'command_id', textFault(taken.get('command_id')));
  if (faults.length > 0) return { kind: 'faults', faults };

  const event: StockAdjusted = {
    type: 'StockAdjusted',
    item_id: itemId as string,
    delta: delta as number,
    reason: taken.get('reason') as string,
    command_id: taken.get('command_id') as string,
    actor,
    adjusted_at: nowMs,
  };
  return { kind: 'command', event, payload: `adjust-stock:${event.item_id}:${event.delta}:${event.reason}` };
};

const limitMembers = aliases('item_id', 'units_max', 'command_id', 'reason');

export const readSetBuyerLimit: AdminReader = (members, { actor, nowMs }) => {
  const faults: FieldFault[] = [];
  const taken = takeMembers(members, limitMembers, faults);
  const itemId = taken.get('item_id');
  const limit = taken.get('units_max');
  const isLimit = limit === null || isInteger(limit, 0, unitsMax);
  push(faults, 'item_id', isIdentifier(itemId) ? undefined : identifierFault);
  push(
    faults,
    'units_max',
    isLimit ? undefined : `must be an integer from 0 to ${unitsMax}, or null to lift the limit`,
  );
  push(faults, 'command_id', textFault(taken.get('command_id')));
  if (taken.has('reason')) push(faults, 'reason', textFault(taken.get('reason'), reasonCharactersMax));
  if (faults.length > 0) return { kind: 'faults', faults };

  const event: BuyerLimitSet = {
    type: 'BuyerLimitSet',
    item_id: itemId as string,
    units_max: limit as number | null,
    command_id: taken.get('command_id') as string,
    actor,
    set_at: nowMs,
  };
  return { kind: 'command', event, payload: `set-buyer-limit:${event.item_id}:${event.units_max}` };
};
