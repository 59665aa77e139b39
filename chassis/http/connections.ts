import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Counter, Gauge, type Registry } from 'prom-client';
import { aFewATurn } from './a-few-a-turn';

/** Bytes handed to libuv, and those that the kernel has not taken yet: Node's own idle timer looks at these too. */
interface Handle {
  readonly bytesWritten: number;
  readonly writeQueueSize: number;
}
type ServedSocket = Socket & { readonly _handle?: Handle | null };

/** How many connections are open, and how many were closed unheard because there were `maxConnections`. */
export const countConnections = (server: Server, metrics: Registry): void => {
  const registers = [metrics];
  new Gauge({
    name: 'flashsale_http_connections',
    help: 'Open connections of clients',
    registers,
    async collect() {
      this.set(await new Promise((resolve) => server.getConnections((_, open) => resolve(open))));
    },
  });
  const refused = new Counter({
    name: 'flashsale_http_connections_refused_total',
    help: 'Connections closed without an answer because as many as may be were open',
    registers,
  });
  server.on('drop', () => refused.inc());
};

/**
 * Ends connections whose client takes nothing of what is written to it for `withinMs`, and at most twice as long: Node
 * bounds how long a request may take, not an answer, so a client that sends and never reads kept its place for ever.
 * One that waits for its answer, or reads slowly, is left alone. A look at all of them costs an order nothing, where
 * a timer for each connection is set anew with each request.
 */
export const endStalledClients = (server: Server, withinMs: number): void => {
  const open = new Set<ServedSocket>();
  server.on('connection', (socket: ServedSocket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  const end = aFewATurn((socket: Socket) => socket.destroy());
  /** Of those with bytes that wait: how many it had taken by the last look. */
  let taken = new Map<ServedSocket, number>();
  const look = (): void => {
    const before = taken;
    taken = new Map();
    for (const socket of open) {
      const { _handle: handle, writableLength } = socket;
      if (writableLength === 0 || !handle) continue;
      const now = handle.bytesWritten - handle.writeQueueSize;
      if (before.get(socket) === now) end(socket);
      else taken.set(socket, now);
    }
  };
  const looking = setInterval(look, withinMs).unref();
  server.once('close', () => clearInterval(looking));
};
