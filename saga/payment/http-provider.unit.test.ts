import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Order } from '../ports';
import { createHttpProvider, type HttpProvider } from './http-provider';

const order: Order = { key: 'r-1', userId: 'ann', itemId: 'shoe', amount: 1 };
const approved = JSON.stringify({ status: 'approved', payment_id: 'p-1' });

let server: Server | undefined;
let provider: HttpProvider | undefined;
afterEach(async () => {
  provider?.stop();
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

/** A provider at the other end of HTTP that does what it should not. */
const against = async (
  answer: RequestListener,
  timeoutMs = longerThanATest,
  connectionsMax = 2,
): Promise<HttpProvider> => {
  const listening = createServer(answer);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  provider = createHttpProvider({ url: `http://127.0.0.1:${port}/v1`, timeoutMs, connectionsMax });
  return provider;
};

/** So that only what ends a call at once passes. */
const longerThanATest = 600_000;
const unknown = { kind: 'unknown' };

test.each<[string, RequestListener]>([
  ['is cut', (request) => request.socket.destroy()],
  [
    'is cut in the middle',
    (request, response) => void response.write('{"sta', () => request.socket.destroy()),
  ],
  ['is no JSON', (_request, response) => void response.end('<html>502</html>')],
  ['is JSON of something else', (_request, response) => void response.end('[1]')],
  ['is longer than any charge', (_request, response) => void response.end(`"${'x'.repeat(100_000)}"`)],
])('an answer that %s leaves the charge unknown', async (_name, answer) => {
  const client = await against(answer);
  expect(await client.charge('k:1', order)).toEqual(unknown);
});

test.each<[string, unknown]>([
  ['is empty', ''],
  ['is blank', '  '],
  ['is longer than an event takes', 'x'.repeat(201)],
  ['has a line break', 'p\n1'],
  ['is a number', 17],
  ['is missing', undefined],
])('an approval whose payment_id %s counts, with an id that an event takes', async (_name, paymentId) => {
  const body = JSON.stringify({ status: 'approved', payment_id: paymentId });
  const client = await against((_request, response) => void response.end(body));
  const charged = await client.charge('k:1', order);
  expect(charged).toEqual({ kind: 'approved', paymentId: expect.stringMatching(/^unnamed-[0-9a-f-]{36}$/) });
  expect(await client.query('k:1')).toEqual(charged);
  expect(await client.charge('k:2', order)).not.toEqual(charged);
});

test('an answer that does not come, or does not end, is given up at the deadline', async () => {
  const paths: (string | undefined)[] = [];
  const client = await against((request, response) => {
    paths.push(request.url);
    if (request.method === 'GET') response.write('{');
  }, 1_000);
  expect(await Promise.all([client.charge('k:1', order), client.query('k:1')])).toEqual([unknown, unknown]);
  expect(paths).toEqual(['/v1/charges', '/v1/charges/k%3A1']);
});

test('a call that has less time than that is given up when its time is over', async () => {
  const client = await against(() => undefined);
  const call = { withinMs: 50 };
  const answers = [client.charge('k:1', order, call), client.query('k:1', call), client.cancel('k:1', call)];
  expect(await Promise.all(answers)).toEqual([unknown, unknown, unknown]);
});

test('calls beyond the connections wait for one', async () => {
  const held: (() => void)[] = [];
  const client = await against((_request, response) => void held.push(() => response.end(approved)));
  const calls = ['a:1', 'b:1', 'c:1'].map((key) => client.charge(key, order));
  while (held.length < 2) await new Promise(setImmediate);
  held.shift()?.();
  while (held.length < 2) await new Promise(setImmediate);
  held.forEach((answer) => answer());
  const kinds = (await Promise.all(calls)).map(({ kind }) => kind);
  expect(kinds).toEqual(['approved', 'approved', 'approved']);
});

test('hundreds of charges are under way at once, each with its own answer', async () => {
  const held: (() => void)[] = [];
  const answer: RequestListener = (request, response) =>
    void held.push(() =>
      response.end(
        JSON.stringify({ status: 'approved', payment_id: String(request.headers['idempotency-key']) }),
      ),
    );
  const count = 300;
  const client = await against(answer, longerThanATest, count);
  const calls = Array.from({ length: count }, (_, index) => client.charge(`k-${index}`, order));
  while (held.length < count) await new Promise(setImmediate);
  held.forEach((end) => end());
  const paymentIds = (await Promise.all(calls)).map((it) =>
    it.kind === 'approved' ? it.paymentId : it.kind,
  );
  expect(paymentIds).toEqual(calls.map((_, index) => `k-${index}`));
});

test('nobody who listens leaves the charge unknown', async () => {
  const client = await against(() => undefined);
  await new Promise((resolve) => server?.close(resolve));
  expect(await client.charge('k:1', order)).toEqual(unknown);
});
