import { connect, type Socket } from 'node:net';
import { Registry } from 'prom-client';
import type { HealthMonitor, HealthReport } from '../health';
import { eventually } from '../../tests/support/eventually';
import { silentLog } from '../log';
import { createApp, mountErrors, onlyMethods } from './app';
import { ProblemError } from './problem';
import { startHttpServer, type HttpServer } from './server';

const servers: HttpServer[] = [];
let report: HealthReport;
let ready: boolean;

const health: HealthMonitor = { report: () => report, stop: () => undefined };

const serve = async (): Promise<string> => {
  const app = createApp({ log: silentLog, metrics: new Registry(), health, isReady: () => ready });
  app.get('/things', (_request, response) => void response.json({ things: [] }));
  app.all('/things', onlyMethods('GET'));
  app.get('/things/:id', (_request, response) => void response.json({}));
  app.get('/teapot', () => {
    throw new ProblemError({ status: 418, error: 'TEAPOT', title: 'A teapot', retryAfterSeconds: 0.2 });
  });
  app.get('/bug', async () => Promise.reject(new Error('a secret detail')));
  app.get('/slow', (_request, response) => {
    setTimeout(() => response.json({ slow: true }), 200);
  });
  mountErrors(app, silentLog);
  const server = await startHttpServer(app, { host: '127.0.0.1', port: 0 });
  servers.push(server);
  return server.url;
};

beforeEach(() => {
  report = { status: 'up', dependencies: {} };
  ready = true;
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.drain(1_000)));
});

describe('an app of the chassis', () => {
  it('echoes a valid correlation id and replaces an invalid one', async () => {
    const url = await serve();
    const send = (id: string): Promise<Response> =>
      fetch(`${url}/things`, { headers: { 'X-Correlation-ID': id } });
    expect((await send('order-7')).headers.get('x-correlation-id')).toBe('order-7');
    expect((await send('<script>')).headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('answers an unknown path with a problem document', async () => {
    const answer = await fetch(`${await serve()}/nowhere`);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({
      status: 404,
      error: 'NOT_FOUND',
      correlation_id: expect.any(String),
    });
  });

  it('answers another method with 405 and Allow', async () => {
    const answer = await fetch(`${await serve()}/things`, { method: 'DELETE' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET']);
  });

  it('turns a thrown problem into its answer, with whole seconds to wait', async () => {
    const answer = await fetch(`${await serve()}/teapot`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([418, '1']);
  });

  it('answers a bug with 500 and keeps its text to itself', async () => {
    const answer = await fetch(`${await serve()}/bug`);
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret');
  });

  it('answers an undecodable path with 400', async () => {
    expect((await fetch(`${await serve()}/things/%E0%A4%A`)).status).toBe(400);
  });

  it('says 503 on /readyz while starting or draining and on /health while a required dependency is down', async () => {
    const url = await serve();
    const statuses = async (): Promise<number[]> =>
      Promise.all(
        ['/livez', '/readyz', '/health', '/metrics'].map(async (path) => (await fetch(url + path)).status),
      );
    expect(await statuses()).toEqual([200, 200, 200, 200]);
    ready = false;
    report = { status: 'down', dependencies: { kafka: { status: 'down', required: true } } };
    expect(await statuses()).toEqual([200, 503, 503, 200]);
  });
});

describe('a server of the chassis', () => {
  it('names the setting of a port that is taken', async () => {
    const url = await serve();
    const port = Number(new URL(url).port);
    await expect(
      startHttpServer(() => undefined, { host: '127.0.0.1', port, portSetting: 'COMMAND_API_PORT' }),
    ).rejects.toThrow(`port ${port} is in use: set COMMAND_API_PORT to another one`);
  });

  it('closes the connections beyond its limit, and takes another when one has ended', async () => {
    const server = await startHttpServer((_, response) => response.end('yes'), {
      host: '127.0.0.1',
      port: 0,
      connectionsMax: 2,
    });
    servers.push(server);
    const open = async (): Promise<{ socket: Socket; answered: boolean }> => {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      const answered = await new Promise<boolean>((resolve) => {
        socket.once('data', () => resolve(true));
        socket.once('close', () => resolve(false));
      });
      return { socket, answered };
    };
    const [first, second] = [await open(), await open()];
    expect([first.answered, second.answered, (await open()).answered]).toEqual([true, true, false]);
    first.socket.destroy();
    await eventually(async () => expect((await open()).answered).toBe(true));
  });

  it('finishes a request it received before it drains, and refuses new connections', async () => {
    const url = await serve();
    const inFlight = fetch(`${url}/slow`);
    await fetch(`${url}/livez`);
    const drained = servers.splice(0)[0]?.drain(5_000);
    expect((await inFlight).status).toBe(200);
    await drained;
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
  });

  it('ends a drain at its deadline although a client holds its request open', async () => {
    const url = await serve();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await new Promise((resolve) => socket.write('GET /things HTTP/1.1\r\nHost: a\r\n', resolve));
    const startedAtMs = performance.now();
    await servers.splice(0)[0]?.drain(300);
    expect(performance.now() - startedAtMs).toBeLessThan(5_000);
    socket.destroy();
  });
});
