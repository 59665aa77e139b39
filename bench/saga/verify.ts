import { pause } from '../../chassis/deadline';
import { silentLog } from '../../chassis/log';
import type { ItemStock } from '../../saga/ports';
import { createStockConnector } from '../../saga/stock/connect-stock';
import { topics } from '../../schemas/topics';
import { itemOf, unitsOf, type Sale } from './backlog';
import { saleId } from './saga-process';
import type { BenchServers } from './servers';

const sound = ({ total, available, reserved, sold }: ItemStock): boolean =>
  available >= 0 && reserved >= 0 && sold >= 0 && available + reserved + sold === total;

/** Looks at the stock of all items while the saga works. `stop` gives how often, and throws when it was ever wrong. */
export const watchStock = (servers: BenchServers): { stop(): Promise<number> } => {
  let isOver = false;
  let looks = 0;
  const wrong: string[] = [];
  const look = async (): Promise<void> => {
    const connection = await createStockConnector(servers.redis.url, saleId, silentLog).connect();
    while (!isOver) {
      const current = await connection.current();
      const items = current?.open === true ? await connection.audit(current.epoch) : 'stale';
      if (items !== 'stale') {
        looks += 1;
        wrong.push(...items.filter((item) => !sound(item)).map((item) => JSON.stringify(item)));
      }
      await pause(200);
    }
    connection.disconnect();
  };
  const looking = look();
  return {
    stop: async () => {
      isOver = true;
      await looking;
      if (wrong.length > 0) throw new Error(`stock was wrong: ${wrong.slice(0, 3).join(' ')}`);
      return looks;
    },
  };
};

interface Count {
  completed: number;
  failed: number;
}

/** Reads what the log says of a sale. @throws unless every order has one outcome and all that was stocked is sold. */
export const verifySale = async (servers: BenchServers, sale: Sale): Promise<void> => {
  const items = new Map<string, Count>();
  const seen = new Set<string>();
  let repeats = 0;
  await servers.reader.read({
    topic: topics.orderOutcomes.name,
    onRecords: (records) => {
      for (const { value } of records) {
        const decoded = servers.codec.decode(topics.orderOutcomes.name, value);
        if (decoded.kind !== 'event') throw new Error('an outcome cannot be read');
        const { event } = decoded;
        if (event.type !== 'OrderCompleted' && event.type !== 'OrderFailed') continue;
        if (!event.request_id.startsWith(`${sale.name}-`)) continue;
        if (seen.has(event.request_id)) {
          repeats += 1;
          continue;
        }
        seen.add(event.request_id);
        const itemId = event.item_id ?? '';
        const count = items.get(itemId) ?? { completed: 0, failed: 0 };
        items.set(itemId, count);
        if (event.type === 'OrderCompleted') count.completed += 1;
        else if (event.reason === 'SOLD_OUT') count.failed += 1;
        else throw new Error(`an order failed for ${event.reason}`);
      }
    },
  });
  if (seen.size !== sale.orders || repeats > 0) {
    throw new Error(`${seen.size} of ${sale.orders} orders have an outcome, ${repeats} have another`);
  }
  for (let index = 0; index < sale.items; index += 1) {
    const { completed = 0 } = items.get(itemOf(sale, index)) ?? {};
    if (completed !== unitsOf(sale)) throw new Error(`${completed} sold of ${unitsOf(sale)} in stock`);
  }
};
