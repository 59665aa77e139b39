import type { AcceptedOrder } from '../schemas/accepted-order';
import { answerOfAccepted, answerOfRow } from './order-answer';
import { OrderReader, type OrderQuestion, type OrderReaderPorts } from './order-reader';
import { nextStep, orderAt, type OrderSummary } from './order-status';
import { Places } from './places';
import { ViewProgress } from './view-progress';
import { ClientInterest, lasting } from './interest';
import { WaitingRoom } from './waiting-room';

const pending: OrderSummary = {
  request_id: 'a',
  user_id: 'ann',
  item_id: 'shoe',
  amount: 2,
  status: 'PENDING',
  correlation_id: 'c',
  requested_at: 1_000,
  request_partition: 0,
  request_offset: 4,
  request_appended_at: 1_010,
  decided_at: null,
  outcome_partition: null,
  outcome_offset: null,
  outcome_appended_at: null,
};
const completed: OrderSummary = {
  ...pending,
  status: 'COMPLETED',
  decided_at: 2_000,
  outcome_partition: 0,
  outcome_offset: 9,
  outcome_appended_at: 2_010,
};
const accepted: AcceptedOrder = {
  request_id: 'a',
  user_id: 'ann',
  item_id: 'shoe',
  amount: 2,
  correlation_id: 'c',
  requested_at: 1_000,
  position: { topic: 'order-requests', partition: 0, offset: 4 },
};

interface World {
  row: OrderSummary | undefined;
  readonly progress: ViewProgress;
  readonly room: WaitingRoom;
  readonly places: Places;
  readonly reader: OrderReader;
}

const world = (more: Partial<OrderReaderPorts> = {}, roomMax = 10): World => {
  const places = new Places(roomMax);
  const progress = new ViewProgress(places);
  const room = new WaitingRoom(places);
  const it: World = {
    row: undefined,
    progress,
    room,
    places,
    reader: new OrderReader({
      lookup: {
        find: async () => it.row,
        findWithProgress: async () => ({ row: it.row, next: progress.next('order-requests', 0) }),
      },
      findAccepted: async () => 'none',
      requestEnds: { now: async () => [5] },
      outcomeEnds: { now: async () => [10] },
      progress,
      lag: { lag: () => undefined },
      waitingRoom: room,
      logStartMs: async () => 500,
      clock: () => 10_000,
      orderPartitions: 1,
      ...more,
    }),
  };
  return it;
};

const question = (more: Partial<OrderQuestion> = {}): OrderQuestion => ({
  requestId: 'a',
  buyer: undefined,
  waitMs: 0,
  untilTerminal: false,
  interest: lasting,
  ...more,
});

const statusOf = async (reader: OrderReader, more: Partial<OrderQuestion> = {}): Promise<string> => {
  const reply = await reader.read(question(more));
  return reply.kind === 'found'
    ? `${reply.answer.body.status}${reply.answer.body.stale ? ' stale' : ''}`
    : reply.kind;
};

describe('an order that was accepted', () => {
  it('is what its row says', async () => {
    const it = world();
    it.row = completed;
    expect(await statusOf(it.reader)).toBe('COMPLETED');
  });

  it('is PENDING while Redis remembers it and the view has no row', async () => {
    const { reader } = world({ findAccepted: async () => accepted });
    expect(await statusOf(reader)).toBe('PENDING');
  });

  it('is PENDING and stale, never 404, while the view is behind the log', async () => {
    const { reader } = world({ findAccepted: async () => 'unavailable' });
    expect(await statusOf(reader)).toBe('PENDING stale');
  }, 5_000);

  it('is PENDING and stale when nobody knows how long the log is', async () => {
    const { reader } = world({
      requestEnds: {
        now: async () => {
          throw new Error('no broker');
        },
      },
    });
    expect(await statusOf(reader)).toBe('PENDING stale');
  });

  it('is found when its row comes while the view catches up', async () => {
    const it = world();
    const status = statusOf(it.reader);
    await new Promise(setImmediate);
    it.row = pending;
    it.progress.set('order-requests', 0, 5);
    expect(await status).toBe('PENDING');
  });
});

it('an order that was never accepted is 404 once the view has folded the log', async () => {
  const { reader, progress } = world();
  progress.set('order-requests', 0, 5);
  expect(await statusOf(reader)).toBe('not-found');
});

it('nothing is said of an order while the view cannot be read', async () => {
  const lookup = {
    find: async () => {
      throw new Error('Connection terminated');
    },
    findWithProgress: async () => ({ row: undefined, next: 0 }),
  };
  await expect(world({ lookup, findAccepted: async () => accepted }).reader.read(question())).rejects.toThrow(
    'terminated',
  );
});

describe('waiting', () => {
  it('ends when the order becomes terminal, for everybody who waits', async () => {
    const it = world({}, 1_000);
    it.row = pending;
    const all = Array.from({ length: 500 }, () =>
      statusOf(it.reader, { waitMs: 20_000, untilTerminal: true }),
    );
    while (it.places.taken < 500) await new Promise(setImmediate);
    it.row = completed;
    it.room.wake(['a']);
    expect(new Set(await Promise.all(all))).toEqual(new Set(['COMPLETED']));
    expect(it.places.taken).toBe(0);
  });

  it('ends with its time, and leaves nobody in the room', async () => {
    const it = world();
    it.row = pending;
    expect(await statusOf(it.reader, { waitMs: 30, untilTerminal: true })).toBe('PENDING');
    expect(it.places.taken).toBe(0);
  });

  it('ends when the client is gone', async () => {
    const it = world();
    it.row = pending;
    const client = new ClientInterest();
    const status = statusOf(it.reader, { waitMs: 20_000, untilTerminal: true, interest: client });
    while (it.places.taken === 0) await new Promise(setImmediate);
    client.lose();
    expect(await status).toBe('PENDING');
    expect(it.places.taken).toBe(0);
  });

  it('is not begun in a full room, and the answer says so', async () => {
    const it = world({}, 0);
    it.row = pending;
    const reply = await it.reader.read(question({ waitMs: 20_000, untilTerminal: true }));
    expect(reply).toMatchObject({ kind: 'found', isRoomFull: true });
  });

  it('for a place answers stale when the view does not come there in time', async () => {
    const it = world();
    it.row = pending;
    const position = { topic: 'order-outcomes', partition: 0, offset: 9 };
    expect(await statusOf(it.reader, { waitMs: 20, position })).toBe('PENDING stale');
    it.progress.set('order-outcomes', 0, 10);
    expect(await statusOf(it.reader, { waitMs: 20, position })).toBe('PENDING');
  });

  it('for a place takes one of the places, is refused when none is left, and ends when the process stops', async () => {
    const it = world({}, 1);
    it.row = pending;
    const wanted = { waitMs: 20_000, position: { topic: 'order-outcomes', partition: 0, offset: 9 } };
    const waiting = it.reader.read(question(wanted));
    expect(it.places.taken).toBe(1);
    expect(await it.reader.read(question(wanted))).toMatchObject({ isRoomFull: true });
    it.progress.close();
    expect(await waiting).toMatchObject({ kind: 'found', answer: { body: { stale: true } } });
    expect(it.places.taken).toBe(0);
    expect(await it.reader.read(question(wanted))).toMatchObject({ isRoomFull: true });
  });
});

describe('as of a time', () => {
  it('an order is what it was by the clock of the broker', () => {
    expect(orderAt(completed, 1_009)).toBeUndefined();
    expect(orderAt(completed, 1_010)?.status).toBe('PENDING');
    expect(orderAt(completed, 2_009)).toEqual(pending);
    expect(orderAt(completed, 2_010)).toEqual(completed);
  });

  it('before the log is told apart from before the order', async () => {
    const it = world();
    it.row = completed;
    expect(await statusOf(it.reader, { asOfMs: 700 })).toBe('not-found');
    expect(await statusOf(it.reader, { asOfMs: 100 })).toBe('before-log');
    expect(await statusOf(it.reader, { asOfMs: 1_500 })).toBe('PENDING');
  });
});

describe('as of a moment ago', () => {
  const asOfMs = 9_000;

  it('an order is read again once the view has folded what the log holds', async () => {
    const it = world();
    it.row = pending;
    it.progress.set('order-requests', 0, 5);
    const status = statusOf(it.reader, { asOfMs });
    while (it.places.taken === 0) await new Promise(setImmediate);
    it.row = completed;
    it.progress.set('order-outcomes', 0, 10);
    expect(await status).toBe('COMPLETED');
  });

  it('a pending order is stale when nobody knows how long the log is', async () => {
    const it = world({ outcomeEnds: { now: () => Promise.reject(new Error('no broker')) } });
    it.row = pending;
    it.progress.set('order-requests', 0, 5);
    expect(await statusOf(it.reader, { asOfMs })).toBe('PENDING stale');
  });

  it('an order of which only a later outcome is folded is not denied', async () => {
    const it = world({ requestEnds: { now: () => Promise.reject(new Error('no broker')) } });
    const unasked = { request_partition: null, request_offset: null, request_appended_at: null };
    it.row = { ...completed, ...unasked, requested_at: null, outcome_appended_at: 9_500 };
    expect(await statusOf(it.reader, { asOfMs })).toBe('PENDING stale');
  });
});

describe('an answer', () => {
  it('has the same bytes and tag from Redis as from the view', () => {
    const staleness = { lagMs: undefined };
    expect(answerOfAccepted(accepted, undefined, staleness)).toEqual(
      answerOfRow(pending, undefined, staleness),
    );
  });

  it('shows the client its own id, not the scoped one', () => {
    const scoped = { ...completed, request_id: 'ann:a' };
    expect(answerOfRow(scoped, 'ann', { lagMs: undefined }).body.request_id).toBe('a');
  });

  it('is kept only when nothing can be added to it', () => {
    const keeps = (row: OrderSummary): boolean => answerOfRow(row, undefined, { lagMs: undefined }).isLasting;
    expect(keeps(completed)).toBe(true);
    expect(keeps({ ...completed, requested_at: null, request_offset: null })).toBe(false);
    expect(keeps(pending)).toBe(false);
  });

  it('is never stale when terminal, and has no tag when stale', () => {
    expect(answerOfRow(completed, undefined, { lagMs: 5_000 }).body.stale).toBeUndefined();
    const stale = answerOfRow(pending, undefined, { lagMs: 5_000 });
    expect(stale.body).toMatchObject({ stale: true, lag_ms: 5_000 });
    expect(stale.etag).toBeUndefined();
  });
});

it('the view is asked first, Redis second, the log last', () => {
  expect(nextStep({})).toEqual({ kind: 'read-view' });
  expect(nextStep({ row: 'none' })).toEqual({ kind: 'read-accepted' });
  expect(nextStep({ row: 'none', accepted: 'unavailable' })).toEqual({ kind: 'await-view' });
});
