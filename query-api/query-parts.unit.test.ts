import type { EventSetAsideRow, OrderRow } from '../migrations/tables';
import { createLogEnds } from './log-ends';
import { formatSeen, nothingSeen, parseSeen, seenAfter, timelineOf, unseen } from './order-timeline';
import { encodeCursor, isTimeCursor, readOrderQuery, readPage, readTotalsQuery } from './query-parameters';
import { matchesEtag } from './send-json';
import { PartitionLagMeter } from './view-lag';

describe('parameters', () => {
  it('of an order are read', () => {
    expect(readOrderQuery({ wait: '10s', position: 'order-requests:3:42', as_of: '5000' }, 4)).toEqual({
      waitMs: 10_000,
      untilTerminal: true,
      position: { topic: 'order-requests', partition: 3, offset: 42 },
      asOfMs: 5_000,
    });
  });

  it('bound every wait', () => {
    expect(readOrderQuery({ wait: '10m' }, 4).waitMs).toBe(30_000);
    expect(readOrderQuery({ position: 'order-requests:0:0' }, 4)).toMatchObject({
      waitMs: 2_000,
      untilTerminal: false,
    });
  });

  it.each([
    [{ wait: '10' }, 'wait'],
    [{ wait: 'soon' }, 'wait'],
    [{ position: 'stock-adjustments:0:1' }, 'position'],
    [{ position: '1' }, 'position'],
    [{ position: 'order-requests:4:1' }, 'position'],
    [{ as_of: 'yesterday' }, 'as_of'],
    [{ as_of: ['1', '2'] }, 'as_of'],
  ])('%j is refused', (query, field) => {
    expect(() => readOrderQuery(query, 4)).toThrow(
      expect.objectContaining({
        problem: expect.objectContaining({
          status: 400,
          errors: [expect.objectContaining({ field })],
        }) as unknown,
      }) as Error,
    );
  });

  it('of a page come back from their cursor', () => {
    const isCursor = (value: unknown): value is [number, string] =>
      Array.isArray(value) && value.length === 2;
    expect(readPage({ limit: '5', cursor: encodeCursor([7, 'x']) }, isCursor)).toEqual({
      limit: 5,
      after: [7, 'x'],
    });
    expect(() => readPage({ limit: '0', cursor: '!!' }, isCursor)).toThrow('A parameter is not usable');
  });

  it('of a page hold no NUL, which PostgreSQL refuses', () => {
    expect(readPage({ cursor: encodeCursor([7, 'x']) }, isTimeCursor).after).toEqual([7, 'x']);
    const withNul = { cursor: encodeCursor([7, 'x\u0000']) };
    expect(() => readPage(withNul, isTimeCursor)).toThrow('A parameter is not usable');
  });

  it('of totals want whole seconds', () => {
    expect(readTotalsQuery({ step: '1m' }).stepSeconds).toBe(60);
    expect(readTotalsQuery({ step: '999999999h' }).stepSeconds).toBe(999_999_999 * 3_600);
    expect(() => readTotalsQuery({ step: '323257543103h' })).toThrow('A parameter is not usable');
    expect(() => readTotalsQuery({ step: '1500ms' })).toThrow('A parameter is not usable');
  });
});

it.each([
  ['"a"', true],
  ['W/"a"', true],
  ['"b", "a"', true],
  ['*', true],
  ['"b"', false],
  [undefined, false],
])('If-None-Match %s matches "a": %s', (header, matches) => expect(matchesEtag(header, '"a"')).toBe(matches));

describe('the ends of the log', () => {
  it('are asked once for everybody who came before the question, and again for who came after', async () => {
    const answers: (() => void)[] = [];
    let asked = 0;
    const ends = createLogEnds(
      {
        ends: () => {
          asked += 1;
          const high = asked;
          return new Promise((resolve) => {
            answers.push(() => resolve([high]));
          });
        },
      },
      'order-requests',
    );
    const first = ends.now();
    const late = [ends.now(), ends.now(), ends.now()];
    answers[0]?.();
    expect(await first).toEqual([1]);
    while (answers.length < 2) await new Promise(setImmediate);
    answers[1]?.();
    expect(await Promise.all(late)).toEqual([[2], [2], [2]]);
    expect(asked).toBe(2);
  });
});

describe('the lag of a partition', () => {
  it('counts from the first end that the view has not reached', () => {
    const meter = new PartitionLagMeter();
    meter.sample(10, 0);
    meter.sample(20, 1_000);
    meter.sample(30, 2_000);
    expect(meter.lagMs(5, 5_000)).toBe(5_000);
    expect(meter.lagMs(10, 5_000)).toBe(4_000);
    expect(meter.lagMs(25, 5_000)).toBe(3_000);
    expect(meter.lagMs(30, 5_000)).toBe(0);
  });
});

describe('a timeline', () => {
  const row: OrderRow = {
    request_id: 'a',
    user_id: 'ann',
    item_id: 'shoe',
    amount: 2,
    status: 'COMPLETED',
    correlation_id: 'c',
    requested_at: 1,
    request_partition: 0,
    request_offset: 4,
    request_appended_at: 10,
    request_event_id: 'e1',
    request_causation_id: 'x',
    sales_channel: 'WEB',
    decided_at: 2,
    outcome_partition: 0,
    outcome_offset: 9,
    outcome_appended_at: 30,
    outcome_event_id: 'e2',
    outcome_causation_id: 'e1',
    epoch: 3,
    payment_id: 'p',
    detail: null,
  };
  const aside = (more: Partial<EventSetAsideRow>): EventSetAsideRow => ({
    topic: 'order-requests',
    partition: 0,
    offset: 5,
    request_id: 'a',
    event_type: 'OrderRequested',
    event_id: 'e1',
    correlation_id: 'c',
    causation_id: 'x',
    happened_at: 1,
    appended_at: 20,
    is_void: false,
    status: 'PENDING',
    user_id: 'ann',
    item_id: 'shoe',
    amount: 2,
    epoch: null,
    ...more,
  });
  const outcome = { topic: 'order-outcomes', event_type: 'OrderFailed', status: 'FAILED_SOLD_OUT' } as const;

  it('lists what took effect and what did not, by the time of the broker', () => {
    const events = timelineOf(row, [
      aside({}),
      aside({ offset: 6, amount: 7, appended_at: 21 }),
      aside({ ...outcome, offset: 8, is_void: true, appended_at: 25 }),
      aside({ ...outcome, offset: 11, appended_at: 40 }),
    ]);
    expect(events.map(({ seq, type, effect }) => [seq, type, effect])).toEqual([
      [1, 'OrderRequested', 'applied'],
      [2, 'OrderRequested', 'duplicate'],
      [3, 'OrderRequested', 'conflict'],
      [4, 'OrderFailed', 'void'],
      [5, 'OrderCompleted', 'applied'],
      [6, 'OrderFailed', 'conflict'],
    ]);
  });

  it('goes on for a reader where the last event id says', () => {
    const events = timelineOf(row, [aside({})]);
    const [first] = unseen(events, nothingSeen);
    const seen = first ? seenAfter(nothingSeen, first) : nothingSeen;
    expect(unseen(events, parseSeen(formatSeen(seen))).map(({ offset }) => offset)).toEqual([5, 9]);
    expect(unseen(events, parseSeen('5/9'))).toEqual([]);
    expect(unseen(events, parseSeen('nonsense'))).toHaveLength(3);
  });
});
