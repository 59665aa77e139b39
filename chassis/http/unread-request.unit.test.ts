import type { RequestListener } from 'node:http';
import { sendRaw } from '../../tests/security/raw-http';
import { startHttpServer, type HttpServer } from './server';

let server: HttpServer;
let finish: () => void;

beforeAll(async () => {
  const handle: RequestListener = (request, response) => {
    request.resume();
    if (request.url === '/slow') finish = () => response.end('slow');
    else request.on('end', () => response.writeHead(200, { 'Content-Length': 6 }).end('routed'));
  };
  server = await startHttpServer(handle, { host: '127.0.0.1', port: 0, headersTimeoutMs: 50 });
});
afterAll(() => server.drain(100));

const post = (...headers: readonly string[]): string => ['POST / HTTP/1.1', ...headers, '', ''].join('\r\n');

describe('a request that reaches no route', () => {
  it.each([
    [400, 'BAD_REQUEST', 'is not HTTP', 'BLAH\r\n\r\n'],
    [400, 'BAD_REQUEST', 'has two lengths', post('Host: x', 'Content-Length: 1', 'Content-Length: 2')],
    [400, 'BAD_REQUEST', 'has no host', post('Content-Length: 0')],
    [400, 'BAD_REQUEST', 'has a bad chunk', `${post('Host: x', 'Transfer-Encoding: chunked')}zz\r\n`],
    [408, 'REQUEST_TIMEOUT', 'never ends', 'POST / HTTP/1.1\r\nHost: x\r\n'],
    [417, 'EXPECTATION_FAILED', 'expects wonders', post('Host: x', 'Expect: wonders', 'Content-Length: 0')],
    [431, 'HEADERS_TOO_LARGE', 'has headers of 100 kB', post('Host: x', `X-A: ${'a'.repeat(100_000)}`)],
  ])('is answered %i %s as a problem when it %s', async (status, error, _, text) => {
    const { answers, isClosed } = await sendRaw(server.url, [text], { quietMs: 2_000 });
    expect(answers).toHaveLength(1);
    const [answer] = answers;
    const correlationId = answer?.headers.get('x-correlation-id');
    expect(correlationId).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer?.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer?.headers.get('cache-control')).toBe('no-store');
    expect(answer?.status).toBe(status);
    expect(JSON.parse(answer?.text ?? '')).toMatchObject({ status, error, correlation_id: correlationId });
    expect(isClosed).toBe(true);
  });

  it('keeps the correlation id that can be read', async () => {
    const { answers } = await sendRaw(server.url, [post('X-Correlation-ID: mine', 'Content-Length: 0')]);
    expect(answers[0]?.headers.get('x-correlation-id')).toBe('mine');
  });

  it('but comes behind one that is worked on does not answer for that one', async () => {
    const { text, isClosed } = await sendRaw(server.url, [
      'GET /slow HTTP/1.1\r\nHost: x\r\n\r\nBLAH\r\n\r\n',
    ]);
    expect([text, isClosed]).toEqual(['', true]);
    finish();
  });

  it('of HTTP/1.0 needs no host', async () => {
    const { answers } = await sendRaw(server.url, ['GET / HTTP/1.0\r\n\r\n']);
    expect(answers).toMatchObject([{ status: 200, text: 'routed' }]);
  });
});
