import type { DomainEvent, EventType } from '../events';
import { countMax } from '../fields';

/** Events for the golden records: the everyday one, the smallest, the largest, and other people's alphabets. */

type Samples = { readonly [T in EventType]: readonly Extract<DomainEvent, { type: T }>[] };

const atMs = 1_764_590_400_000;

export const samples: Samples = {
  OrderRequested: [
    {
      type: 'OrderRequested',
      request_id: '0b6f8d3e-5d1e-4f43-9a44-2f5d3a1f9c01',
      user_id: 'user-1042',
      item_id: 'sneaker-42',
      amount: 2,
      requested_at: atMs,
      sales_channel: 'APP',
    },
    {
      type: 'OrderRequested',
      request_id: 'r',
      user_id: 'u',
      item_id: 'i',
      amount: 1,
      requested_at: 0,
      sales_channel: null,
    },
    {
      type: 'OrderRequested',
      request_id: 'Ж'.repeat(200),
      user_id: 'U_-9'.repeat(25),
      item_id: 'I_-9'.repeat(25),
      amount: 1000,
      requested_at: countMax,
      sales_channel: 'OTHER',
    },
  ],
  OrderCompleted: [
    {
      type: 'OrderCompleted',
      request_id: '0b6f8d3e-5d1e-4f43-9a44-2f5d3a1f9c01',
      user_id: 'user-1042',
      item_id: 'sneaker-42',
      amount: 2,
      epoch: 7,
      payment_id: 'pay-77aa',
      completed_at: atMs + 35,
    },
    {
      type: 'OrderCompleted',
      request_id: '注文',
      user_id: 'u',
      item_id: 'i',
      amount: 1000,
      epoch: countMax,
      payment_id: 'p',
      completed_at: 0,
    },
  ],
  OrderFailed: [
    {
      type: 'OrderFailed',
      request_id: '0b6f8d3e-5d1e-4f43-9a44-2f5d3a1f9c01',
      user_id: 'user-1042',
      item_id: 'sneaker-42',
      amount: 2,
      epoch: 7,
      reason: 'SOLD_OUT',
      failed_at: atMs + 35,
      detail: 'asked for 2, 1 left',
    },
    {
      type: 'OrderFailed',
      request_id: 'not decodable',
      user_id: null,
      item_id: null,
      amount: null,
      epoch: 0,
      reason: 'UNPROCESSABLE',
      failed_at: 0,
      detail: null,
    },
    {
      type: 'OrderFailed',
      request_id: 'r',
      user_id: 'u',
      item_id: 'i',
      amount: 1,
      epoch: countMax,
      reason: 'OTHER',
      failed_at: countMax,
      detail: 'línea uno\nlínea dos',
    },
  ],
  StockAdjusted: [
    {
      type: 'StockAdjusted',
      item_id: 'sneaker-42',
      delta: 500,
      reason: 'first delivery',
      command_id: 'seed-1',
      actor: 'operator',
      adjusted_at: atMs,
    },
    {
      type: 'StockAdjusted',
      item_id: 'i',
      delta: -1_000_000_000,
      reason: '',
      command_id: 'c',
      actor: 'a',
      adjusted_at: 0,
    },
  ],
  BuyerLimitSet: [
    {
      type: 'BuyerLimitSet',
      item_id: 'sneaker-42',
      units_max: 4,
      command_id: 'limit-1',
      actor: 'operator',
      set_at: atMs,
    },
    { type: 'BuyerLimitSet', item_id: 'i', units_max: null, command_id: 'c', actor: 'a', set_at: 0 },
  ],
  EpochClaimed: [
    { type: 'EpochClaimed', claimed_by: 'saga-1', reason: 'Redis was restarted', claimed_at: atMs },
    { type: 'EpochClaimed', claimed_by: 's', reason: '', claimed_at: 0 },
  ],
  EpochStarted: [
    { type: 'EpochStarted', epoch: 7, started_at: atMs },
    { type: 'EpochStarted', epoch: 0, started_at: 0 },
  ],
  LettersPlanned: [
    {
      type: 'LettersPlanned',
      plan_id: '5b0f6b0e-3f0c-5c55-9a5e-2f5d3a1f9c02',
      letters: ['order-requests:3:42', 'stock-adjustments:0:7'],
      actor: 'operator',
      planned_at: atMs,
    },
    { type: 'LettersPlanned', plan_id: 'p', letters: [], actor: 'a', planned_at: 0 },
  ],
  RedriveOrdered: [
    {
      type: 'RedriveOrdered',
      command_id: 'redrive-1',
      letters: ['order-requests:3:42', 'stock-adjustments:0:7'],
      rate_per_second: 100,
      log_ends: ['order-requests:0:17', 'stock-adjustments:0:9'],
      note: 'the partner’s schema is registered now',
      actor: 'operator',
      ordered_at: atMs,
    },
    {
      type: 'RedriveOrdered',
      command_id: 'c',
      letters: [],
      rate_per_second: 1000,
      log_ends: [],
      note: null,
      actor: 'a',
      ordered_at: 0,
    },
  ],
  LettersRedriven: [
    {
      type: 'LettersRedriven',
      command_id: 'redrive-1',
      results: [
        { letter: 'order-requests:3:42', effect: 'APPENDED', subject: 'r-1', detail: null },
        {
          letter: 'order-requests:3:43',
          effect: 'ALREADY_TERMINAL',
          subject: '注文',
          detail: 'FAILED_UNPROCESSABLE',
        },
        { letter: 'order-requests:3:44', effect: 'FAILED_AGAIN', subject: null, detail: 'NOT_FRAMED' },
        { letter: 'order-requests:3:45', effect: 'NOT_OPEN', subject: null, detail: 'DISCARDED' },
      ],
      redriven_at: atMs,
    },
    { type: 'LettersRedriven', command_id: 'c', results: [], redriven_at: 0 },
  ],
  LettersDiscarded: [
    {
      type: 'LettersDiscarded',
      command_id: 'discard-1',
      letters: ['order-requests:3:44'],
      note: 'a load test of the partner',
      actor: 'operator',
      discarded_at: atMs,
    },
    { type: 'LettersDiscarded', command_id: 'c', letters: [], note: '', actor: 'a', discarded_at: 0 },
  ],
};
