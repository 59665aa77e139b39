import type { RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Registry } from 'prom-client';
import { DeadlineError, pause, withDeadline } from '../chassis/deadline';
import { createApp } from '../chassis/http/app';
import { startHttpServer } from '../chassis/http/server';
import type { Log } from '../chassis/log';
import { OrderLookup } from './order-lookup';
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
const orderPath = `/orders/${orderId}`;
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
  lookup: new OrderLookup({
    pool: { query: async () => ({ rows: [row()] }) },
    everyMs: 0,
    patienceMs: 0,
  }),
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

/** What answers a probe beside the crowd; its metrics are nobody's. */
const openProbes = (log: Log): RequestListener =>
  createApp({
    log,
    metrics: new Registry(),
    health: { report: () => ({ status: 'up', dependencies: {} }), stop: () => undefined },
    isReady: () => false,
  });

/** Connections that ask the same at the same time. */
class Clients {
  readonly #sockets: Socket[] = [];
  #answered = 0;

  constructor(port: number, count: number) {
    for (let opened = 0; opened < count; opened += 1) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => {
        if (chunk.at(-1) === closingBrace) this.#answered += 1;
      });
      this.#sockets.push(socket);
    }
  }

  ask(path: string): void {
    this.#answered = 0;
    for (const socket of this.#sockets) socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  }

  isAnswered(): boolean {
    return this.#answered === this.#sockets.length;
  }

  leave(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

/**
 * Answers crowds of waiters that are made up, so that the first real one meets code that is compiled: of 2,000 who wait
 * for one order, the last had its answer after 155 to 199 ms from a process that had answered nobody
 * (docs/benchmark-views.md). Route, reader, lookup, waiting room and sockets are the real ones; the order is not, and nothing
 * outside the process is asked. Between the crowds somebody looks without waiting, and somebody probes: code that was
 * compiled for nothing but crowds is thrown away at the first answer of another kind, two of which any process gives
 * before its first crowd. It is no failure when this does not come to its end within 5 s.
 * @param answers how many waiters, about; 0 for none
 */
export const rehearse = async (answers: number, log: Log): Promise<void> => {
  if (answers === 0) return;
  const places = new Places(crowdSize);
  const waitingRoom = new WaitingRoom(places);
  let row = pending;
  const reader = new OrderReader(viewOf(() => row, waitingRoom));
  const metrics = createQueryMetrics(new Registry());
  const route = new OrderRoute({ reader, identify: undefined, metrics, orderPartitions: 1, log });
  const answerProbe = openProbes(log);
  const listener: RequestListener = (request, response) => {
    if (!route.front(request, response)) answerProbe(request, response);
  };
  const server = await startHttpServer(listener, { host: '127.0.0.1', port: 0 });
  const crowd = new Clients(server.port, crowdSize);
  const passerBy = new Clients(server.port, 1);
  let isOver = false;
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo() && !isOver) await pause(pollMs);
  };
  const lookOnce = async (path: string): Promise<void> => {
    passerBy.ask(path);
    await until(() => passerBy.isAnswered());
  };
  const perform = async (): Promise<void> => {
    for (let left = answers; left > 0 && !isOver; left -= crowdSize) {
      row = pending;
      crowd.ask(`${orderPath}?wait=30s`);
      await until(() => places.taken === crowdSize);
      // Answered after those who asked before: all of the crowd has looked once and waits.
      await lookOnce(orderPath);
      await lookOnce('/livez');
      row = completed;
      waitingRoom.wake([orderId]);
      await until(() => crowd.isAnswered());
      await lookOnce(orderPath);
    }
  };
  try {
    await withDeadline(perform(), deadlineMs, 'the rehearsal');
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    log.warn('the first crowd may be answered slowly', { event: 'rehearsal_unfinished', error });
  } finally {
    isOver = true;
    crowd.leave();
    passerBy.leave();
    await server.drain(0);
  }
};
