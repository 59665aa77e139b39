import type { DomainEvent, EventType, LetterResult } from './events';
import { failureReasons, letterEffects, saleActions, saleModes, salesChannels } from './events';
import {
  isAmount,
  isCount,
  isDelta,
  isLine,
  isName,
  isOrderKey,
  isPaymentId,
  isText,
  isUnits,
} from './fields';

/**
 * Today's shape of each event, built from what Avro resolved into the newest schema. Upcasting happens here and
 * nowhere else: Avro fills in defaults by field, and whatever it cannot express is one line below. Readers outside
 * schemas/ never see an older shape.
 */

type Of<T extends EventType> = Extract<DomainEvent, { type: T }>;
type Raw<T extends EventType> = Omit<Of<T>, 'type'>;

/** Written member by member: a plain object with the literal first, of one shape, four times as fast as a spread. */
export const toToday: { readonly [T in EventType]: (raw: Raw<T>) => Of<T> } = {
  OrderRequested: (raw) => ({
    type: 'OrderRequested',
    request_id: raw.request_id,
    user_id: raw.user_id,
    item_id: raw.item_id,
    amount: raw.amount,
    requested_at: raw.requested_at,
    sales_channel: raw.sales_channel ?? null,
  }),
  OrderCompleted: (raw) => ({
    type: 'OrderCompleted',
    request_id: raw.request_id,
    user_id: raw.user_id,
    item_id: raw.item_id,
    amount: raw.amount,
    epoch: raw.epoch,
    payment_id: raw.payment_id,
    completed_at: raw.completed_at,
  }),
  OrderFailed: (raw) => ({
    type: 'OrderFailed',
    request_id: raw.request_id,
    user_id: raw.user_id,
    item_id: raw.item_id,
    amount: raw.amount,
    epoch: raw.epoch,
    reason: raw.reason,
    failed_at: raw.failed_at,
    detail: raw.detail ?? null,
  }),
  StockAdjusted: (raw) => ({
    type: 'StockAdjusted',
    item_id: raw.item_id,
    delta: raw.delta,
    reason: raw.reason,
    command_id: raw.command_id,
    actor: raw.actor,
    adjusted_at: raw.adjusted_at,
    expected_version: raw.expected_version ?? null,
  }),
  BuyerLimitSet: (raw) => ({
    type: 'BuyerLimitSet',
    item_id: raw.item_id,
    units_max: raw.units_max,
    command_id: raw.command_id,
    actor: raw.actor,
    set_at: raw.set_at,
    reason: raw.reason,
  }),
  SaleChanged: (raw) => ({
    type: 'SaleChanged',
    item_id: raw.item_id,
    action: raw.action,
    mode: raw.mode,
    opens_at: raw.opens_at,
    closes_at: raw.closes_at,
    expected_version: raw.expected_version,
    reason: raw.reason,
    command_id: raw.command_id,
    actor: raw.actor,
    changed_at: raw.changed_at,
  }),
  EpochClaimed: (raw) => ({
    type: 'EpochClaimed',
    claimed_by: raw.claimed_by,
    reason: raw.reason,
    claimed_at: raw.claimed_at,
  }),
  EpochStarted: (raw) => ({ type: 'EpochStarted', epoch: raw.epoch, started_at: raw.started_at }),
  LettersPlanned: (raw) => ({
    type: 'LettersPlanned',
    plan_id: raw.plan_id,
    letters: raw.letters,
    actor: raw.actor,
    planned_at: raw.planned_at,
  }),
  RedriveOrdered: (raw) => ({
    type: 'RedriveOrdered',
    command_id: raw.command_id,
    letters: raw.letters,
    rate_per_second: raw.rate_per_second,
    log_ends: raw.log_ends,
    note: raw.note,
    actor: raw.actor,
    ordered_at: raw.ordered_at,
  }),
  LettersRedriven: (raw) => ({
    type: 'LettersRedriven',
    command_id: raw.command_id,
    results: raw.results.map(({ letter, effect, subject, detail }) => ({ letter, effect, subject, detail })),
    redriven_at: raw.redriven_at,
  }),
  LettersDiscarded: (raw) => ({
    type: 'LettersDiscarded',
    command_id: raw.command_id,
    letters: raw.letters,
    note: raw.note,
    actor: raw.actor,
    discarded_at: raw.discarded_at,
  }),
};

type Rule = readonly [isValid: (value: unknown) => boolean, wanted: string];

const requestId: Rule = [isOrderKey, '1 to 301 characters, not blank, without control characters'];
const itemOrUser: Rule = [isName, '1 to 100 of A-Z a-z 0-9 _ -'];
const amount: Rule = [isAmount, 'an integer from 1 to 1000'];
const count: Rule = [isCount, 'an integer of at least 0'];
const units: Rule = [isUnits, 'an integer from 0 to a thousand million'];
const lineText = '1 to 200 characters, not blank, without control characters';
const line: Rule = [(value) => isLine(value, 200), lineText];
const paymentId: Rule = [isPaymentId, lineText];
const text: Rule = [isText, 'at most 1000 characters, without NUL'];
const orNull = ([isValid, wanted]: Rule): Rule => [
  (value) => value === null || isValid(value),
  `${wanted}, or null`,
];

const oneOf = (names: readonly string[]): Rule => [
  (value) => names.includes(value as string),
  `one of ${names.join(', ')}`,
];

/** A place in the log as text: a topic's name has at most 249 characters. */
const isLetterId = (value: unknown): boolean => isLine(value, 280);
export const lettersMax = 10_000;
const isListOf = (value: unknown, itemsMax: number, isItem: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.length <= itemsMax && value.every(isItem);
const letters: Rule = [
  (value) => isListOf(value, lettersMax, isLetterId),
  'at most 10000 ids of letters, topic:partition:offset',
];

const isLetterResult = (value: unknown): boolean => {
  const { letter, effect, subject, detail } = value as Partial<LetterResult>;
  return (
    isLetterId(letter) &&
    letterEffects.includes(effect as never) &&
    (subject === null || isOrderKey(subject)) &&
    (detail === null || isText(detail))
  );
};

/** The types of Avro are wider than what our readers can trust: this is the difference. */
export const rules: { readonly [T in EventType]: Readonly<Record<keyof Raw<T>, Rule>> } = {
  OrderRequested: {
    request_id: requestId,
    user_id: itemOrUser,
    item_id: itemOrUser,
    amount,
    requested_at: count,
    sales_channel: orNull(oneOf(salesChannels)),
  },
  OrderCompleted: {
    request_id: requestId,
    user_id: itemOrUser,
    item_id: itemOrUser,
    amount,
    epoch: count,
    payment_id: paymentId,
    completed_at: count,
  },
  OrderFailed: {
    request_id: requestId,
    user_id: orNull(itemOrUser),
    item_id: orNull(itemOrUser),
    amount: orNull(amount),
    epoch: count,
    reason: oneOf(failureReasons),
    failed_at: count,
    detail: orNull(text),
  },
  StockAdjusted: {
    item_id: itemOrUser,
    delta: [isDelta, 'an integer other than 0, at most a thousand million'],
    reason: text,
    command_id: line,
    actor: line,
    adjusted_at: count,
    expected_version: orNull(count),
  },
  BuyerLimitSet: {
    item_id: itemOrUser,
    units_max: orNull(units),
    command_id: line,
    actor: line,
    set_at: count,
    reason: orNull(text),
  },
  SaleChanged: {
    item_id: itemOrUser,
    action: oneOf(saleActions),
    mode: oneOf(saleModes),
    opens_at: orNull(count),
    closes_at: orNull(count),
    expected_version: count,
    reason: orNull(text),
    command_id: line,
    actor: line,
    changed_at: count,
  },
  EpochClaimed: { claimed_by: line, reason: text, claimed_at: count },
  EpochStarted: { epoch: count, started_at: count },
  LettersPlanned: { plan_id: line, letters, actor: line, planned_at: count },
  RedriveOrdered: {
    command_id: line,
    letters,
    rate_per_second: [(value) => isUnits(value) && value >= 1 && value <= 1000, 'an integer from 1 to 1000'],
    log_ends: [(value) => isListOf(value, 3000, isLetterId), 'at most 3000 places'],
    note: orNull(text),
    actor: line,
    ordered_at: count,
  },
  LettersRedriven: {
    command_id: line,
    results: [(value) => isListOf(value, lettersMax, isLetterResult), 'results of at most 10000 letters'],
    redriven_at: count,
  },
  LettersDiscarded: { command_id: line, letters, note: text, actor: line, discarded_at: count },
};
