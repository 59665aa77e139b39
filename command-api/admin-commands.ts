import type { FieldFault, Problem } from '../chassis/http/problem';
import type { BuyerLimitSet, ItemEvent, StockAdjusted } from '../schemas/events';
import { isName, lineFault } from '../schemas/fields';
import type { ItemState } from '../schemas/item-ledger';
import { identifierFault, takeMembers, type Members } from './buy';

/** When it is ordered: what the body does not say. */
export interface AdminContext {
  readonly nowMs: number;
}

/** What a command comes to, given what the log has made of its item so far. */
export type Plan =
  | { readonly kind: 'event'; readonly event: ItemEvent }
  | { readonly kind: 'objection'; readonly problem: Problem };

export interface AdminCommand {
  readonly itemId: string;
  readonly commandId: string;
  /** Equal if and only if the same thing is asked for. */
  readonly payload: string;
  readonly plan: (item: ItemState) => Plan;
  /** What to say when another command of the item got its place in the log first, and this one changes nothing. */
  readonly overtaken: (item: ItemState) => Problem;
}

export type ReadAdmin =
  | { readonly kind: 'command'; readonly command: AdminCommand }
  | { readonly kind: 'faults'; readonly faults: readonly FieldFault[] };

/** Reads one operator's command from the members of a body. */
export type AdminReader = (members: Members, context: AdminContext) => ReadAdmin;

export const unitsMax = 1_000_000;
export const reasonCharactersMax = 500;

export const aliases = (...names: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    names.flatMap((name) => [
      [name, name],
      [name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()), name],
    ]),
  );

const isInteger = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;

export const pushFault = (faults: FieldFault[], field: string, message: string | undefined): void => {
  if (message !== undefined) faults.push({ field, message });
};

const actorCharactersMax = 100;
/** There is one operators' token, so somebody who does not give a name has no other. */
export const actorDefault = 'operator';

/** Who orders it, as they say themselves. */
export const readActor = (taken: ReadonlyMap<string, unknown>, faults: FieldFault[]): string => {
  const actor = taken.get('actor') ?? actorDefault;
  pushFault(faults, 'actor', lineFault(actor, actorCharactersMax));
  return typeof actor === 'string' ? actor : actorDefault;
};

/** Why, where that may be left out. */
export const readReason = (taken: ReadonlyMap<string, unknown>, faults: FieldFault[]): string | null => {
  const reason = taken.get('reason') ?? null;
  if (reason !== null) pushFault(faults, 'reason', lineFault(reason, reasonCharactersMax));
  return typeof reason === 'string' ? reason : null;
};

/** The item has moved on since the operator looked. */
export const versionConflict = (item: Pick<ItemState, 'stocked' | 'stockVersion'>): Problem => ({
  status: 409,
  error: 'VERSION_CONFLICT',
  title: 'The stock was changed since',
  detail: `The item's version is ${item.stockVersion} now, with ${item.stocked} units stocked. Look again, then decide.`,
  more: { current_version: item.stockVersion, stocked: item.stocked },
});

const limitMembers = aliases('item_id', 'units_max', 'command_id', 'reason', 'actor');

export const readSetBuyerLimit: AdminReader = (members, { nowMs }) => {
  const faults: FieldFault[] = [];
  const taken = takeMembers(members, limitMembers, faults);
  const itemId = taken.get('item_id');
  const limit = taken.get('units_max');
  const isLimit = limit === null || isInteger(limit, 0, unitsMax);
  pushFault(faults, 'item_id', isName(itemId) ? undefined : identifierFault);
  pushFault(
    faults,
    'units_max',
    isLimit ? undefined : `must be an integer from 0 to ${unitsMax}, or null to lift the limit`,
  );
  pushFault(faults, 'command_id', lineFault(taken.get('command_id')));
  const reason = readReason(taken, faults);
  const actor = readActor(taken, faults);
  if (faults.length > 0) return { kind: 'faults', faults };

  const event: BuyerLimitSet = {
    type: 'BuyerLimitSet',
    item_id: itemId as string,
    units_max: limit as number | null,
    command_id: taken.get('command_id') as string,
    actor,
    set_at: nowMs,
    reason,
  };
  const command: AdminCommand = {
    itemId: event.item_id,
    commandId: event.command_id,
    payload: `set-buyer-limit:${event.item_id}:${event.units_max}${reason === null ? '' : `:${reason}`}`,
    plan: () => ({ kind: 'event', event }),
    overtaken: versionConflict,
  };
  return { kind: 'command', command };
};

const adjustMembers = aliases(
  'item_id',
  'delta',
  'quantity',
  'expected_version',
  'reason',
  'command_id',
  'actor',
);

/** Either units in or out, or what the stock is to be; the latter only against a version that was seen. */
const adjustmentFaults = (taken: ReadonlyMap<string, unknown>): readonly FieldFault[] => {
  const faults: FieldFault[] = [];
  const delta = taken.get('delta');
  if (taken.has('quantity')) {
    if (taken.has('delta')) pushFault(faults, 'delta', 'must not come together with quantity');
    const isQuantity = isInteger(taken.get('quantity'), 0, unitsMax);
    pushFault(faults, 'quantity', isQuantity ? undefined : `must be an integer from 0 to ${unitsMax}`);
  } else {
    const isDelta = isInteger(delta, -unitsMax, unitsMax) && delta !== 0;
    pushFault(
      faults,
      'delta',
      isDelta ? undefined : `must be an integer from -${unitsMax} to ${unitsMax}, and not 0`,
    );
  }
  const isNeeded = taken.has('quantity') || taken.has('expected_version');
  const isVersion = isInteger(taken.get('expected_version'), 0, Number.MAX_SAFE_INTEGER - 1);
  if (isNeeded && !isVersion) {
    pushFault(
      faults,
      'expected_version',
      'must be the version of the item that the quantity was decided for',
    );
  }
  return faults;
};

const nothingToChange = (item: ItemState): Problem => ({
  status: 409,
  error: 'NO_CHANGE',
  title: 'The stock is what was asked for',
  detail: `${item.stocked} units are stocked already.`,
  more: { current_version: item.stockVersion, stocked: item.stocked },
});

type Adjustment = Omit<StockAdjusted, 'delta'> & { readonly delta?: number; readonly quantity?: number };

const planAdjustment = (asked: Adjustment, item: ItemState): Plan => {
  const { delta: given, quantity, ...common } = asked;
  if (common.expected_version !== null && common.expected_version !== item.stockVersion) {
    return { kind: 'objection', problem: versionConflict(item) };
  }
  const delta = quantity === undefined ? (given ?? 0) : quantity - item.stocked;
  if (delta === 0) return { kind: 'objection', problem: nothingToChange(item) };
  return { kind: 'event', event: { ...common, delta } };
};

export const readAdjustStock: AdminReader = (members, { nowMs }) => {
  const faults: FieldFault[] = [];
  const taken = takeMembers(members, adjustMembers, faults);
  pushFault(faults, 'item_id', isName(taken.get('item_id')) ? undefined : identifierFault);
  faults.push(...adjustmentFaults(taken));
  pushFault(faults, 'reason', lineFault(taken.get('reason'), reasonCharactersMax));
  pushFault(faults, 'command_id', lineFault(taken.get('command_id')));
  const actor = readActor(taken, faults);
  if (faults.length > 0) return { kind: 'faults', faults };

  const itemId = taken.get('item_id') as string;
  const reason = taken.get('reason') as string;
  const quantity = taken.get('quantity') as number | undefined;
  const delta = taken.get('delta') as number | undefined;
  const version = (taken.get('expected_version') ?? null) as number | null;
  const asked: Adjustment = {
    type: 'StockAdjusted',
    item_id: itemId,
    ...(quantity === undefined ? { delta: delta ?? 0 } : { quantity }),
    reason,
    command_id: taken.get('command_id') as string,
    actor,
    adjusted_at: nowMs,
    expected_version: version,
  };
  const what = quantity === undefined ? String(delta) : `=${quantity}`;
  const payload = `adjust-stock:${itemId}:${what}${version === null ? '' : `@${version}`}:${reason}`;
  const command = {
    itemId,
    commandId: asked.command_id,
    payload,
    plan: (item: ItemState) => planAdjustment(asked, item),
    overtaken: versionConflict,
  };
  return { kind: 'command', command };
};

/** What is sold and reserved of an item at a moment. */
export interface Committed {
  readonly sold: number;
  readonly reserved: number;
}

/** Against taking out what buyers have already: undefined when enough stays. */
export const belowCommitted = (
  event: StockAdjusted,
  stocked: number,
  committed: Committed,
): Problem | undefined => {
  const { sold, reserved } = committed;
  if (event.delta >= 0 || stocked + event.delta >= sold + reserved) return undefined;
  const available = Math.max(0, stocked - sold - reserved);
  return {
    status: 409,
    error: 'STOCK_COMMITTED',
    title: 'Buyers have these units',
    detail: `${stocked} are stocked, ${sold} sold and ${reserved} reserved: at most ${available} can be taken out.`,
    more: { stocked, sold, reserved, available, asked: event.delta },
  };
};
