import { EventEmitter } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Registry } from 'prom-client';
import { eventually } from '../../tests/support/eventually';
import { readSamples, sum } from '../metric-samples';
import { endStalledClients } from './connections';
import { startHttpServer, type HttpServer, type ServerOptions } from './server';

const servers: HttpServer[] = [];
const sockets: Socket[] = [];
const serve = async (handle: RequestListener, more: Partial<ServerOptions> = {}): Promise<HttpServer> => {
  const server = await startHttpServer(handle, { host: '127.0.0.1', port: 0, stalledMs: 50, ...more });
  servers.push(server);
  return server;
};
/** A connection on which one request was sent, and what came back so far. */
const ask = ({ port }: HttpServer): { readonly socket: Socket; readonly received: () => number } => {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  let received = 0;
  socket.on('data', (chunk: Buffer) => (received += chunk.length));
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  return { socket, received: () => received };
};
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => server.drain(1_000)));
});

/** More than the kernel takes for a client that does not read. */
const large = Buffer.alloc(32 * 1024 * 1024);

describe('the connection of a client', () => {
  it('that takes nothing of its answer is ended', async () => {
    let ended = false;
    const server = await serve((request, response) => {
      request.socket.once('close', () => (ended = true));
      response.end(large);
    });
    ask(server).socket.pause();
    await eventually(() => expect(ended).toBe(true));
  });

  it('that waits for its answer is left alone', async () => {
    const server = await serve((_, response) => void setTimeout(() => response.end('late'), 300));
    const { received } = ask(server);
    await eventually(() => expect(received()).toBeGreaterThan(0));
  });

  it('that takes its answer byte by byte is left alone, until it takes no more', () => {
    jest.useFakeTimers();
    const server = new EventEmitter();
    endStalledClients(server as Server, 1_000);
    const handle = { bytesWritten: 9, writeQueueSize: 9 };
    const destroy = jest.fn();
    const socket = Object.assign(new EventEmitter(), { writableLength: 9, _handle: handle, destroy });
    server.emit('connection', socket);
    for (; handle.writeQueueSize > 3; handle.writeQueueSize -= 1) jest.advanceTimersByTime(1_000);
    jest.advanceTimersByTime(1_000);
    expect(destroy).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1_001);
    expect(destroy).toHaveBeenCalledTimes(1);
    server.emit('close');
    jest.useRealTimers();
  });

  it('is counted, and so is one that finds no place', async () => {
    const metrics = new Registry();
    const read = async (name: string): Promise<unknown> =>
      sum(readSamples(await metrics.metrics()), `flashsale_http_connections${name}`);
    const server = await serve((_, response) => response.end('yes'), { metrics, connectionsMax: 1 });
    const { received } = ask(server);
    await eventually(() => expect(received()).toBeGreaterThan(0));
    expect([await read(''), await read('_refused_total')]).toEqual([1, 0]);
    ask(server);
    await eventually(async () => expect(await read('_refused_total')).toBe(1));
    expect(await read('')).toBe(1);
  });
});
