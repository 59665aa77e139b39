import express from 'express';
import { startHttpServer, type HttpServer } from '../../chassis/http/server';
import { admitOrigin } from './admit-origin';

const consoleOrigin = 'https://console.example';
let server: HttpServer | undefined;
afterEach(() => server?.drain(1_000));

const ask = async (admitted: string | undefined, method: string, origin: string): Promise<Response> => {
  const app = express();
  app
    .route('/')
    .all(admitOrigin(admitted))
    .post((_request, response) => void response.status(202).end())
    .all((_request, response) => void response.status(405).end());
  server = await startHttpServer(app, { host: '127.0.0.1', port: 0 });
  const asked = {
    'Access-Control-Request-Method': 'POST',
    'Access-Control-Request-Headers': 'authorization',
  };
  return fetch(server.url, { method, headers: { origin, ...(method === 'OPTIONS' ? asked : {}) } });
};

const allowed = (answer: Response): string | null => answer.headers.get('access-control-allow-origin');

describe('a command from the script of a page', () => {
  it('is admitted from the one origin: its preflight names POST and the two headers', async () => {
    const preflight = await ask(consoleOrigin, 'OPTIONS', consoleOrigin);
    expect(preflight.status).toBe(204);
    expect(allowed(preflight)).toBe(consoleOrigin);
    expect(preflight.headers.get('access-control-allow-methods')).toBe('POST');
    expect(preflight.headers.get('access-control-allow-headers')).toBe('Authorization, Content-Type');
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('gets its answer readable, and a cache knows that it depends on the origin', async () => {
    const answer = await ask(consoleOrigin, 'POST', consoleOrigin);
    expect([answer.status, allowed(answer), answer.headers.get('vary')]).toEqual([
      202,
      consoleOrigin,
      'Origin',
    ]);
  });

  it.each(['https://evil.example', `${consoleOrigin}.evil.example`, 'http://console.example', 'null'])(
    'is not admitted from %s',
    async (origin) => {
      const preflight = await ask(consoleOrigin, 'OPTIONS', origin);
      expect([preflight.status, allowed(preflight)]).toEqual([405, null]);
    },
  );

  it('is admitted from nowhere while no origin is set', async () => {
    const preflight = await ask(undefined, 'OPTIONS', consoleOrigin);
    expect([preflight.status, allowed(preflight)]).toEqual([405, null]);
  });
});
