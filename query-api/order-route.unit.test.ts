import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identify } from '../chassis/http/identity';
import { silentLog } from '../chassis/log';
import { answerOfRow } from './order-answer';
import type { OrderQuestion, OrderReply } from './order-reader';
import { OrderRoute } from './order-route';
import type { OrderSummary } from './order-status';

const completed: OrderSummary = {
  request_id: 'cart-1',
  user_id: 'ann',
  item_id: 'shoe',
  amount: 2,
  status: 'COMPLETED',
  correlation_id: 'c',
  requested_at: 1_000,
  request_partition: 0,
  request_offset: 4,
  request_appended_at: 1_010,
  decided_at: 2_000,
  outcome_partition: 0,
  outcome_offset: 9,
  outcome_appended_at: 2_010,
};

const ask = async (path: string, identify?: Identify) => {
  const asked: string[] = [];
  const reader = {
    read: async ({ requestId, buyer }: OrderQuestion): Promise<OrderReply> => {
      asked.push(requestId);
      return {
        kind: 'found',
        answer: answerOfRow(completed, buyer, { lagMs: undefined }),
        isRoomFull: false,
      };
    },
  };
  const observe = jest.fn();
  const route = new OrderRoute({
    reader,
    identify,
    metrics: { observe },
    orderPartitions: 1,
    log: silentLog,
  });
  const written: Record<string, string>[] = [];
  const response = {
    writeHead: (_: number, headers: Record<string, string>) => written.push(headers),
    end: () => undefined,
  } as unknown as ServerResponse;
  const request = Object.assign(new EventEmitter(), { method: 'GET', url: path, headers: {} });
  const isAnswered = route.front(request as unknown as IncomingMessage, response);
  if (isAnswered) while (observe.mock.calls.length === 0) await new Promise(setImmediate);
  return { isAnswered, asked, headers: written[0] };
};

describe('the route of an order', () => {
  it('takes one slash more at the end, as the other routes do', async () => {
    expect((await ask('/orders/cart-1/')).asked).toEqual(['cart-1']);
    expect((await ask('/orders/cart-1/?wait=1s')).asked).toEqual(['cart-1']);
    for (const path of ['/orders/', '/orders//', '/orders/cart-1//', '/orders/cart-1/timeline']) {
      expect((await ask(path)).isAnswered).toBe(false);
    }
  });

  it('lets a browser that changes its buyer ask anew', async () => {
    const ann: Identify = async () => ({ kind: 'buyer', subject: 'ann' });
    expect((await ask('/orders/cart-1', ann)).headers).toMatchObject({
      'Cache-Control': 'private, max-age=60',
      Vary: 'Authorization',
    });
    expect((await ask('/orders/cart-1')).headers).not.toHaveProperty('Vary');
  });
});
