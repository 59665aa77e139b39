import { createServer, type RequestListener, type Server } from 'node:http';
import { Server as NetServer, type AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { pause } from '../deadline';
import { countConnections, endStalledClients } from './connections';
import { answerUnreadRequests, refuseWithoutHost } from './unread-request';

export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  /** The variable that sets the port, for the error when it is taken. */
  readonly portSetting?: string;
  readonly connectionsMax?: number;
  /** How long a client may take for its headers; only tests wait less than 5 s. */
  readonly headersTimeoutMs?: number;
  /** How long a client may take nothing of its answer; only tests wait less than 15 s. */
  readonly stalledMs?: number;
  /** Where connections are counted. */
  readonly metrics?: Registry;
}

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /**
   * Stops taking work, finishes what was received, and closes within `timeoutMs`. While draining every answer
   * carries `Connection: close`; without it a busy keep-alive client kept `server.close()` from ever finishing.
   */
  drain(timeoutMs: number): Promise<void>;
}

/** Cut slow clients: Node's own defaults are 60 s for headers, 300 s for a request, checked every 30 s. */
const limits = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  /** Longer than the usual 60 s of a load balancer, so that it never reuses a connection we just closed. */
  keepAliveTimeout: 65_000,
  /** Beyond this header size a request is answered 431. */
  maxHeaderSize: 16 * 1024,
  /** Checked here instead, for an answer in the one shape of errors. */
  requireHostHeader: false,
};
const stalledMsDefault = 15_000;
const connectionsMaxDefault = 10_000;
const idleCheckMs = 100;
/**
 * A kept connection may be about to carry its next request when the listener closes; http's own `close` cuts it at
 * once, and that request is reset. Half a second is longer than any client that is busy with us pauses.
 */
const quietMs = 500;

const listen = (server: Server, options: ServerOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const setting = options.portSetting ?? 'PORT';
      const busy = error.code === 'EADDRINUSE';
      reject(busy ? new Error(`port ${options.port} is in use: set ${setting} to another one`) : error);
    });
    server.listen(options.port, options.host, () => {
      server.removeAllListeners('error');
      server.on('error', () => undefined);
      resolve();
    });
  });

/** Listens; rejects with a message that names the setting when the port is taken. */
export const startHttpServer = async (
  handle: RequestListener,
  options: ServerOptions,
): Promise<HttpServer> => {
  let draining = false;
  const headersTimeout = options.headersTimeoutMs ?? limits.headersTimeout;
  const server = createServer({ ...limits, headersTimeout }, (request, response) => {
    if (draining) response.setHeader('Connection', 'close');
    if (!refuseWithoutHost(request, response)) handle(request, response);
  });
  answerUnreadRequests(server);
  endStalledClients(server, options.stalledMs ?? stalledMsDefault);
  if (options.metrics) countConnections(server, options.metrics);
  server.maxConnections = options.connectionsMax ?? connectionsMaxDefault;
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  const shown = options.host === '0.0.0.0' ? '127.0.0.1' : options.host;

  const drain = async (timeoutMs: number): Promise<void> => {
    draining = true;
    const endsAtMs = performance.now() + timeoutMs;
    const closed = new AbortController();
    server.once('close', () => closed.abort());
    NetServer.prototype.close.call(server);
    await pause(Math.min(quietMs, timeoutMs), closed.signal);
    while (!closed.signal.aborted && performance.now() < endsAtMs) {
      server.closeIdleConnections();
      await pause(idleCheckMs, closed.signal);
    }
    server.closeAllConnections();
    // Ends the timer that checks for slow clients; the listener is closed by now, which is no error here.
    server.close(() => undefined);
  };

  return { url: `http://${shown}:${port}`, port, drain };
};
