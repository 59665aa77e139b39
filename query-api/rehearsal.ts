import { connect, type Socket } from 'node:net';
import { Registry } from 'prom-client';
import { DeadlineError, pause, withDeadline } from '../chassis/deadline';
import { startHttpServer } from '../chassis/http/server';
import type { Log } from '../chassis/log';
import { OrderReader, type OrderReaderPorts } from './order-reader';
import { OrderRoute } from './order-route';
import type { OrderSummary } from './order-status';
import { Places } from './places';
import { createQueryMetrics } from './query-metrics';
import { WaitingRoom } from './waiting-room';

/** Connections at a time: as many as a machine has to spare, not as many as come. */
const crowdSize = 200;
const deadlineMs = 5_000;
const pollMs = 1;
const orderId = 'rehearsal';
const closingBrace = '}'.charCodeAt(0);

const pending: OrderSummary = {
  request_id: orderId,
  user_id: 'nobody',
  item_id: 'nothing',
  amount: 1,
  status: 'PENDING',
  correlation_id: orderId,
  requested_at: 0,
  request_partition: 0,
  request_offset: 0,
  request_appended_at: 0,
  decided_at: null,
  outcome_partition: null,
  outcome_offset: null,
  outcome_appended_at: null,
};

const completed: OrderSummary = {
  ...pending,
  status: 'COMPLETED',
  decided_at: 1,
  outcome_partition: 0,
  outcome_offset: 0,
  outcome_appended_at: 1,
};

const notAsked = (): Promise<never> => Promise.reject(new Error('a rehearsal asks nobody'));

/** A view of one order, which is as it is set. */
const viewOf = (row: () => OrderSummary, waitingRoom: WaitingRoom): OrderReaderPorts => ({
  lookup: { find: async () => row(), findWithProgress: notAsked },
  findAccepted: notAsked,
  requestEnds: { now: notAsked },
  outcomeEnds: { now: notAsked },
  progress: { reach: notAsked, next: () => 0 },
  lag: { lag: () => undefined },
  waitingRoom,
  logStartMs: notAsked,
  clock: Date.now,
  orderPartitions: 1,
});

class Audience {
  readonly #sockets: Socket[] = [];
  readonly #request: string;
  #answered = 0;

  constructor(port: number) {
    this.#request = `GET /orders/${orderId}?wait=30s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
    for (let seat = 0; seat < crowdSize; seat += 1) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => {
        if (chunk.at(-1) === closingBrace) this.#answered += 1;
      });
      this.#sockets.push(socket);
    }
  }

  ask(): void {
    this.#answered = 0;
    for (const socket of this.#sockets) socket.write(this.#request);
  }

  isAnswered(): boolean {
    return this.#answered === crowdSize;
  }

  leave(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

/**
 * Answers crowds of waiters that are made up, so that the first real one meets code that is compiled: of 2,000 who wait
 * for one order, the last had its answer after 155 to 199 ms from a process that had answered nobody, and after 74 to
 * 107 ms from one that had answered 4,000. Route, reader, waiting room and sockets are the real ones; the order is
 * not, and nothing outside the process is asked. It is no failure when this does not come to its end within 5 s.
 * @param answers how many, about; 0 for none
 */
export const rehearse = async (answers: number, log: Log): Promise<void> => {
  if (answers === 0) return;
  const places = new Places(crowdSize);
  const waitingRoom = new WaitingRoom(places);
  let row = pending;
  const reader = new OrderReader(viewOf(() => row, waitingRoom));
  const metrics = createQueryMetrics(new Registry());
  const route = new OrderRoute({ reader, identify: undefined, metrics, log });
  const server = await startHttpServer((request, response) => void route.front(request, response), {
    host: '127.0.0.1',
    port: 0,
  });
  const audience = new Audience(server.port);
  let isOver = false;
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo() && !isOver) await pause(pollMs);
  };
  const perform = async (): Promise<void> => {
    for (let left = answers; left > 0 && !isOver; left -= crowdSize) {
      row = pending;
      audience.ask();
      await until(() => places.taken === crowdSize);
      row = completed;
      waitingRoom.wake([orderId]);
      await until(() => audience.isAnswered());
    }
  };
  try {
    await withDeadline(perform(), deadlineMs, 'the rehearsal');
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    log.warn('the first crowd may be answered slowly', { event: 'rehearsal_unfinished', error });
  } finally {
    isOver = true;
    audience.leave();
    await server.drain(0);
  }
};
