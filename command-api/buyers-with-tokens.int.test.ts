import { createSecretKey, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { silentLog } from '../chassis/log';
import { connectRedis, redisReady } from '../chassis/redis';
import { acceptedOrderKey, readAcceptedOrder } from '../schemas/accepted-order';
import { someOrder, startTestCommandApi, type TestCommandApi } from '../tests/support/command-api';
import { readOrderRequests } from '../tests/support/order-requests';

const servers = {
  KAFKA_BROKERS: process.env['KAFKA_BROKERS'] ?? '',
  SCHEMA_REGISTRY_URL: process.env['SCHEMA_REGISTRY_URL'] ?? '',
};
const secret = 'a secret that only this test knows of';
let api: TestCommandApi;

beforeAll(async () => {
  api = await startTestCommandApi({
    AUTH_MODE: 'jwt',
    JWT_SECRET: secret,
    JWT_ISSUER: 'shop',
    JWT_AUDIENCE: 'buy',
  });
}, 90_000);
afterAll(() => api.running.stop());

const as = async (subject: string, key = secret): Promise<Record<string, string>> => {
  const token = await new SignJWT({ sub: subject })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('shop')
    .setAudience('buy')
    .setExpirationTime('1m')
    .sign(createSecretKey(Buffer.from(key)));
  return { Authorization: `Bearer ${token}` };
};

/** An order that leaves the buyer to the token. */
const order = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  item_id: 'shoe-42',
  amount: 1,
  request_id: randomUUID(),
  ...more,
});

describe('with AUTH_MODE=jwt', () => {
  it('the subject of the token buys', async () => {
    const { status, body } = await api.buy(order(), await as('alice'));
    expect(status).toBe(202);
    const key = `alice:${String(body['request_id'])}`;
    const [logged] = await readOrderRequests(servers, key);
    expect(logged?.event).toMatchObject({ user_id: 'alice', request_id: key });
    const redis = connectRedis(process.env['REDIS_URL'] ?? '', silentLog);
    await redisReady(redis, 5_000);
    const remembered = (await redis.get(acceptedOrderKey(api.saleId, key))) ?? '';
    redis.disconnect();
    expect(readAcceptedOrder(key, remembered)).toMatchObject({ request_id: key, user_id: 'alice' });
  });

  it('nobody buys without a valid token, or in the name of another', async () => {
    expect((await api.buy(someOrder())).status).toBe(401);
    expect((await api.buy(order(), await as('alice', 'another secret, as long as the first'))).status).toBe(
      401,
    );
    const other = await api.buy(order({ user_id: 'bob' }), await as('alice'));
    expect(other).toMatchObject({ status: 403, body: { error: 'OTHER_BUYER' } });
    expect((await api.buy(order({ user_id: 'alice' }), await as('alice'))).status).toBe(202);
  });

  it('two buyers may choose the same request_id and Idempotency-Key', async () => {
    const same = order();
    const key = { 'Idempotency-Key': 'k-1' };
    const alice = await api.buy(same, { ...(await as('alice')), ...key });
    const bob = await api.buy({ ...same, amount: 2 }, { ...(await as('bob')), ...key });
    expect([alice.status, bob.status]).toEqual([202, 202]);
    expect(bob.headers.get('idempotency-replayed')).toBeNull();
    expect(bob.body['request_id']).toBe(same['request_id']);
    const repeat = await api.buy(same, { ...(await as('alice')), ...key });
    expect(repeat.text).toBe(alice.text);
  });

  it('the document says so', async () => {
    const { body } = await api.request('GET', '/openapi.json');
    expect(body).toMatchObject({
      paths: { '/commands/buy': { post: { security: [{ buyer: [] }] } } },
      components: { schemas: { BuyCommand: { required: ['item_id', 'amount', 'request_id'] } } },
    });
  });
});
