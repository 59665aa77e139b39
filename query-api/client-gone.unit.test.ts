import { connect, type Socket } from 'node:net';
import type { RequestListener } from 'node:http';
import type { Pool } from 'pg';
import { createApp, mountErrors } from '../chassis/http/app';
import type { Identify } from '../chassis/http/identity';
import { startHttpServer, type HttpServer } from '../chassis/http/server';
import { silentLog } from '../chassis/log';
import { createMetrics } from '../chassis/metrics';
import { eventually } from '../tests/support/eventually';
import { requestText } from '../tests/support/raw-reader';
import { mountOrderDetails } from './order-detail-routes';
import { OrderRoute } from './order-route';
import type { OrderQuestion, OrderReply } from './order-reader';
import { Places } from './places';
import { WaitingRoom } from './waiting-room';

const gate = () => {
  let open = (): void => undefined;
  const isOpen = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), isOpen };
};

/** The routes with an order that nobody has heard of, behind a door that the test opens. */
const serve = async () => {
  const door = gate();
  const asked: OrderQuestion[] = [];
  const answer = { body: {}, text: '{}', etag: undefined, isLasting: false };
  const reader = {
    read: async (question: OrderQuestion): Promise<OrderReply> => {
      asked.push(question);
      await door.isOpen;
      return { kind: 'found', answer, isRoomFull: false } as unknown as OrderReply;
    },
  };
  const streams = new Places(10);
  const lookup = { find: jest.fn(async () => undefined) };
  const query = jest.fn(async () => ({ rows: [] }));
  const app = createApp({
    log: silentLog,
    metrics: createMetrics('test', '0'),
    health: { report: () => ({ status: 'up', dependencies: {} }), stop: () => undefined } as never,
    isReady: () => true,
  });
  mountOrderDetails(app, {
    db: { query } as unknown as Pool,
    reader,
    identify: undefined,
    lookup,
    streamRoom: new WaitingRoom(streams),
    streams,
    streamsMax: 10,
    log: silentLog,
  });
  mountErrors(app, silentLog);
  let closed = 0;
  const identify = jest.fn<ReturnType<Identify>, Parameters<Identify>>(async () => {
    await door.isOpen;
    return { kind: 'buyer', subject: 'ann' };
  });
  const metrics = { observe: () => undefined };
  const orders = new OrderRoute({ reader, identify, metrics, orderPartitions: 1, log: silentLog });
  const routes: RequestListener = (request, response) => {
    request.on('close', () => {
      closed += 1;
    });
    if (!orders.front(request, response)) app(request, response);
  };
  const server = await startHttpServer(routes, { host: '127.0.0.1', port: 0 });
  return { server, door, asked, query, identify, lookup, streams, closed: () => closed };
};

describe('a client that is gone before anything is known', () => {
  let server: HttpServer | undefined;
  let socket: Socket | undefined;
  afterEach(async () => {
    socket?.destroy();
    await server?.drain(1_000);
  });

  const leaveEarly = async (paths: readonly string[]) => {
    const world = await serve();
    ({ server } = world);
    socket = connect(world.server.port, '127.0.0.1').on('error', () => undefined);
    for (const path of paths) socket.write(requestText(new URL(world.server.url), path));
    return world;
  };

  it.each([
    ['alone on its connection', ['/orders/x/stream']],
    ['with another one behind it', ['/orders/x/stream', '/orders/y/stream']],
  ])('is sent no stream, %s', async (_, paths) => {
    const { door, asked, query, lookup, streams, closed } = await leaveEarly(paths);
    await eventually(() => expect(asked).toHaveLength(paths.length));
    socket?.destroy();
    await eventually(() => expect(closed()).toBe(paths.length));
    door.open();
    await eventually(() => expect(query).toHaveBeenCalledTimes(paths.length));
    await new Promise(setImmediate);
    expect(lookup.find).not.toHaveBeenCalled();
    expect(streams.taken).toBe(0);
  });

  it('is not waited for', async () => {
    const { door, asked, identify, closed } = await leaveEarly(['/orders/x?wait=20s']);
    await eventually(() => expect(identify).toHaveBeenCalled());
    socket?.destroy();
    await eventually(() => expect(closed()).toBe(1));
    door.open();
    await eventually(() => expect(asked.map(({ interest }) => interest.isLost)).toEqual([true]));
  });
});
