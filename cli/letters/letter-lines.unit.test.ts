import { progressOf } from '../reconcile/judge';
import { plain } from '../render/paint';
import { stuckLines, type StuckOrder } from '../render/stuck-orders';
import {
  commandLines,
  groupLines,
  letterDetailLines,
  letterLines,
  planLines,
  progressText,
} from './letter-lines';
import type { LetterCommand, LetterDetail } from './letters';

const letter: LetterDetail = {
  id: 'order-requests:3:120',
  state: 'FAILED_AGAIN',
  group: '5f3a',
  key: 'r\u001b[31m1',
  item_id: null,
  reason: 'UNDECODABLE',
  detail: 'd'.repeat(100),
  consumer: 'saga',
  attempts: 1_234,
  correlation_id: 'c1',
  parked_at: '2026-05-01T12:00:00.000Z',
  value_bytes: 3,
  value_base64: Buffer.from([0, 1, 255]).toString('base64'),
  decoded: null,
  headers: {},
  actions: [
    { command_id: 'go-1', kind: 'redrive', actor: 'ada', note: 'mended', effect: 'FAILED_AGAIN', at: null },
  ],
};
const nowMs = Date.parse('2026-05-01T12:05:00.000Z');

describe('dead letters in text', () => {
  it('are a table that no key can paint, with their age and the beginning of why', () => {
    const [head = '', row = ''] = letterLines([letter], nowMs, plain);
    expect(head).toMatch(/^id +state +reason +key +age +tried +detail$/);
    expect(row).toMatch(/^order-requests:3:120 +FAILED_AGAIN +UNDECODABLE +\S+ +5 min +1,234 +d{57}\.\.\.$/);
    expect(row).not.toContain('\u001b');
    expect(letterLines([], nowMs, plain)).toEqual(['No letter.']);
  });

  it('are counted by group', () => {
    const sample = { id: letter.id, detail: 'why' };
    const group = { group: '5f3a', topic: 'order-requests', reason: 'UNDECODABLE', letters: 9, open: 2 };
    const at = { oldest: letter.parked_at, newest: letter.parked_at, sample };
    const [, row] = groupLines([{ ...group, ...at }], nowMs, plain);
    expect(row).toMatch(/^5f3a +order-requests +UNDECODABLE +2 +9 +5 min +order-requests:3:120 why$/);
  });

  it('show their bytes and what was done about them, one by one', () => {
    const text = letterDetailLines(letter, plain).join('\n');
    expect(text).toMatch(/value +3 bytes: 0001ff/);
    expect(text).toContain('redrive by ada: FAILED_AGAIN (mended)');
  });
});

describe('a command on letters in text', () => {
  const command: LetterCommand = {
    command_id: 'go-1',
    kind: 'redrive',
    state: 'RUNNING',
    letters: 4_000,
    tried: 1_000,
    effects: { APPENDED: 990, FAILED_AGAIN: 10 },
    states: {},
  };

  it('says how far it is', () => {
    const text = '1,000 of 4,000 letters';
    expect(progressText(command)).toMatch(
      new RegExp(`^\\[#{8}-{22}\\] ${text}  APPENDED 990, FAILED_AGAIN 10$`),
    );
    expect(commandLines(command)[0]).toBe(`redrive go-1: RUNNING, ${text} tried`);
  });

  it('says what a dry run predicts, with samples, and how to do exactly that', () => {
    const none = { redriven: [], already_terminal: [], not_open: [] };
    const samples = { ...none, fails_again: [{ id: letter.id, detail: 'why' }] };
    const predicted = { redriven: 1_500, already_terminal: 0, fails_again: 1, not_open: 0 };
    const plan = { plan_id: 'p-1', letters: 1_501, predicted, samples };
    expect(planLines(plan, 'redrive', plain)).toEqual([
      '1,501 letters, and nothing was done:',
      '  1,500 would be processed again',
      '  1 would fail again',
      '    order-requests:3:120 why',
      'Exactly these: flash-sale dlq redrive --plan p-1',
    ]);
    expect(planLines(plan, 'discard', plain).at(-1)).toBe(
      'Exactly these: flash-sale dlq discard --plan p-1 --note "..."',
    );
  });
});

describe('orders that wait, in text', () => {
  it('say for what, how often it was tried and what it failed with', () => {
    const order: StuckOrder = {
      key: 'r1',
      item_id: 'shoe',
      step: 'WAITS_FOR_PAYMENT',
      age_ms: 61_000,
      position: 'order-requests:1:7',
      attempts: 3,
      last_error: { reason: 'PAYMENT_UNKNOWN', detail: 'no answer' },
    };
    const untried = { ...order, step: 'WAITS_FOR_VIEW', attempts: null, last_error: null };
    const [, first, second] = stuckLines([order, untried], plain);
    expect(first).toMatch(/^r1 +shoe +1 min +payment \(provider\) +3 +PAYMENT_UNKNOWN +order-requests:1:7$/);
    expect(second).toMatch(/view \(projector\) +- +- +order-requests:1:7$/);
    expect(stuckLines([], plain)).toEqual(['No order.']);
  });
});

describe('the judge of reconcile', () => {
  it('is shown with a bar where it says how much there is', () => {
    const line = 'reading the log: 40,000 of 120,000 records';
    expect(progressOf(line)).toBe(`[${'#'.repeat(10)}${'-'.repeat(20)}] ${line}`);
    expect(progressOf('comparing Redis')).toBe('comparing Redis');
  });
});
