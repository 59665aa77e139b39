import type { ClientBase } from 'pg';
import type { EventCodec } from '../schemas/codec';
import type { EventType } from '../schemas/events';
import { viewsToday } from '../migrations/views/today';
import type { ViewSchema } from '../migrations/views/view-shape';
import { moveOf, toReading, type Projection, type Written } from './batch';
import type { LoggedEvent } from './folded';
import { countMove, emptyCounts } from './item-view';
import { addCounts, insertSetAside } from './order-counters';
import { emptyFold, foldOrderEvent, type Fence, type OrderFact, type OrderFold } from './order-view';
import { readRecords, type ReportUndecodable } from './read-records';
import { createOwnOrdersWriter, writeSharedOrders, type WriteOrders } from './write-orders';
import { viewTopics } from './view-topics';

const orderFacts: ReadonlySet<EventType> = new Set<OrderFact['type']>([
  'OrderRequested',
  'OrderCompleted',
  'OrderFailed',
  'EpochStarted',
]);

const isOrderFact = (logged: LoggedEvent): logged is LoggedEvent<OrderFact> =>
  orderFacts.has(logged.event.type);

const writeOrders = async (
  client: ClientBase,
  schema: ViewSchema,
  fold: OrderFold,
  write: WriteOrders,
): Promise<Written> => {
  const setAside = [...fold.setAside];
  const moves = await write(client, schema, [...fold.changes.values()], setAside);
  const counts = emptyCounts();
  const decided: string[] = [];
  for (const move of moves) {
    countMove(counts, move);
    if (move.outcome) decided.push(move.outcome.request_id);
  }
  await addCounts(client, schema, counts);
  await insertSetAside(client, schema, setAside);
  return { decided, setAside: setAside.length };
};

/** Orders, what was set aside, items' sales and totals over time: all that follows from requests and outcomes. */
export const createOrdersProjection = (
  codec: EventCodec,
  report: ReportUndecodable,
  writeOwnOrders = createOwnOrdersWriter(),
): Projection<LoggedEvent<OrderFact>> => {
  return {
    view: 'orders',
    version: viewsToday.orders.version,
    offsetsTable: viewsToday.orders.tables[0],
    topics: viewTopics.orders,
    read: async (records) => {
      const { events, undecodable } = await readRecords(codec, records);
      await report(undecodable);
      return toReading(
        records,
        events.filter(isOrderFact),
        undecodable.map(({ record }) => record.offset),
      );
    },
    fold: (pieces) => {
      const orders = emptyFold();
      const moves = pieces.map((piece) => {
        let fence: Fence = piece.cursor;
        for (const logged of piece.facts) fence = foldOrderEvent(orders, fence, logged);
        return moveOf(piece, fence);
      });
      return {
        moves,
        write: (client, schema) =>
          writeOrders(client, schema, orders, schema === 'views' ? writeSharedOrders : writeOwnOrders),
      };
    },
  };
};
