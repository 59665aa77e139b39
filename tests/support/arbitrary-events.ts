import fc from 'fast-check';
import {
  failureReasons,
  letterEffects,
  saleActions,
  saleModes,
  salesChannels,
  type DomainEvent,
  type EventType,
} from '../../schemas/events';
import { amountMax, countMax, isLine, isText, requestIdCharactersMax } from '../../schemas/fields';

/** Random events for property tests: every event that the rules of fields.ts allow can come up. */

type Of<T extends EventType> = Extract<DomainEvent, { type: T }>;

const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,100}$/);
const line = fc
  .string({ minLength: 1, maxLength: requestIdCharactersMax, unit: 'grapheme' })
  .filter((text) => isLine(text, requestIdCharactersMax));
const text = fc.string({ maxLength: 1000, unit: 'grapheme' }).filter(isText);
const amount = fc.integer({ min: 1, max: amountMax });
const count = fc.maxSafeInteger().map((integer) => Math.min(Math.abs(integer), countMax));
const timeMs = fc.oneof(count, fc.integer({ min: 1_600_000_000_000, max: 2_000_000_000_000 }));
const delta = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).filter((units) => units !== 0);
const letters = fc.array(line, { maxLength: 5 });
const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });

export const arbitraryEvents: { readonly [T in EventType]: fc.Arbitrary<Of<T>> } = {
  OrderRequested: fc.record({
    type: fc.constant('OrderRequested' as const),
    request_id: line,
    user_id: name,
    item_id: name,
    amount,
    requested_at: timeMs,
    sales_channel: orNull(fc.constantFrom(...salesChannels)),
  }),
  OrderCompleted: fc.record({
    type: fc.constant('OrderCompleted' as const),
    request_id: line,
    user_id: name,
    item_id: name,
    amount,
    epoch: count,
    payment_id: line,
    completed_at: timeMs,
  }),
  OrderFailed: fc.record({
    type: fc.constant('OrderFailed' as const),
    request_id: line,
    user_id: orNull(name),
    item_id: orNull(name),
    amount: orNull(amount),
    epoch: count,
    reason: fc.constantFrom(...failureReasons),
    failed_at: timeMs,
    detail: orNull(text),
  }),
  StockAdjusted: fc.record({
    type: fc.constant('StockAdjusted' as const),
    item_id: name,
    delta,
    reason: text,
    command_id: line,
    actor: line,
    adjusted_at: timeMs,
    expected_version: orNull(count),
  }),
  BuyerLimitSet: fc.record({
    type: fc.constant('BuyerLimitSet' as const),
    item_id: name,
    units_max: orNull(fc.integer({ min: 0, max: 1_000_000_000 })),
    command_id: line,
    actor: line,
    set_at: timeMs,
    reason: orNull(text),
  }),
  SaleChanged: fc.record({
    type: fc.constant('SaleChanged' as const),
    item_id: name,
    action: fc.constantFrom(...saleActions),
    mode: fc.constantFrom(...saleModes),
    opens_at: orNull(timeMs),
    closes_at: orNull(timeMs),
    expected_version: count,
    reason: orNull(text),
    command_id: line,
    actor: line,
    changed_at: timeMs,
  }),
  EpochClaimed: fc.record({
    type: fc.constant('EpochClaimed' as const),
    claimed_by: line,
    reason: text,
    claimed_at: timeMs,
  }),
  EpochStarted: fc.record({ type: fc.constant('EpochStarted' as const), epoch: count, started_at: timeMs }),
  LettersPlanned: fc.record({
    type: fc.constant('LettersPlanned' as const),
    plan_id: line,
    letters,
    actor: line,
    planned_at: timeMs,
  }),
  RedriveOrdered: fc.record({
    type: fc.constant('RedriveOrdered' as const),
    command_id: line,
    letters,
    rate_per_second: fc.integer({ min: 1, max: 1000 }),
    log_ends: letters,
    note: orNull(text),
    actor: line,
    ordered_at: timeMs,
  }),
  LettersRedriven: fc.record({
    type: fc.constant('LettersRedriven' as const),
    command_id: line,
    results: fc.array(
      fc.record({
        letter: line,
        effect: fc.constantFrom(...letterEffects),
        subject: orNull(line),
        detail: orNull(text),
      }),
      { maxLength: 5 },
    ),
    redriven_at: timeMs,
  }),
  LettersDiscarded: fc.record({
    type: fc.constant('LettersDiscarded' as const),
    command_id: line,
    letters,
    note: text,
    actor: line,
    discarded_at: timeMs,
  }),
};

export const arbitraryEvent: fc.Arbitrary<DomainEvent> = fc.oneof(...Object.values(arbitraryEvents));
