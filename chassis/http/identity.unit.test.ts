import { createSecretKey } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type KeyLike } from 'jose';
import { createIdentify, operatorFault, type IdentitySettings, type Sender } from './identity';

const secret = 'a secret that is long enough for HS256';
const settings = {
  mode: 'jwt',
  key: { kind: 'secret', secret },
  issuer: 'shop',
  audience: 'buy',
  algorithms: ['HS256'],
} as const satisfies IdentitySettings;

interface Claims {
  readonly sub?: string;
  readonly iss?: string;
  readonly aud?: string;
  readonly exp?: string;
  readonly alg?: string;
}

const sign = (claims: Claims = {}, key: KeyLike | Uint8Array = createSecretKey(Buffer.from(secret))) => {
  const { sub = 'alice', iss = 'shop', aud = 'buy', exp = '1m', alg = 'HS256' } = claims;
  return new SignJWT({ ...(sub === '' ? {} : { sub }) })
    .setProtectedHeader({ alg, kid: 'k1' })
    .setIssuer(iss)
    .setAudience(aud)
    .setExpirationTime(exp)
    .sign(key);
};

const identify = (given: string | undefined, more: IdentitySettings = settings): Promise<Sender> => {
  const found = createIdentify(more);
  if (!found) throw new Error('no authentication');
  return found(given);
};
const statusOf = async (given: string | undefined, more?: IdentitySettings): Promise<number> => {
  const sender = await identify(given, more);
  return sender.kind === 'refused' ? sender.problem.status : 200;
};

describe('a buyer', () => {
  it('is the subject of a valid token', async () => {
    await expect(identify(`Bearer ${await sign()}`)).resolves.toEqual({ kind: 'buyer', subject: 'alice' });
    await expect(identify(`bearer ${await sign()}`)).resolves.toMatchObject({ kind: 'buyer' });
  });

  it('is not asked for when the mode is none', () => {
    expect(createIdentify({ mode: 'none' })).toBeUndefined();
  });

  it.each([
    ['of another issuer', { iss: 'other' }],
    ['for another audience', { aud: 'other' }],
    ['that has expired', { exp: '-1m' }],
    ['with another algorithm', { alg: 'HS512' }],
    ['without a subject', { sub: '' }],
  ])('with a token %s is refused', async (_, claims) => {
    expect(await statusOf(`Bearer ${await sign(claims)}`)).toBe(401);
  });

  it('with a token that nobody signed, or another signed, is refused', async () => {
    const unsigned = new UnsecuredJWT({ sub: 'alice' }).setIssuer('shop').setAudience('buy').encode();
    const forged = await sign({}, createSecretKey(Buffer.from('another secret, as long as the first one')));
    for (const token of [unsigned, forged, 'x.y.z', '']) expect(await statusOf(`Bearer ${token}`)).toBe(401);
    for (const header of [undefined, '', 'Basic YTpi', await sign()])
      expect(await statusOf(header)).toBe(401);
  });

  it('whose subject cannot be a user_id is refused', async () => {
    expect(await statusOf(`Bearer ${await sign({ sub: 'a:b' })}`)).toBe(403);
  });
});

describe('with the keys of an issuer', () => {
  let server: Server;
  let privateKey: KeyLike;
  let url: string;
  beforeAll(async () => {
    const pair = await generateKeyPair('RS256');
    privateKey = pair.privateKey;
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'RS256' };
    server = createServer((_, response) => response.end(JSON.stringify({ keys: [jwk] })));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  const withKeys = (address: string): IdentitySettings => ({
    ...settings,
    key: { kind: 'jwks', url: address },
    algorithms: ['RS256', 'ES256'],
  });

  it('a token that the issuer signed is accepted', async () => {
    expect(await statusOf(`Bearer ${await sign({ alg: 'RS256' }, privateKey)}`, withKeys(url))).toBe(200);
  });

  it('a public key is no shared secret: a token signed with it as one is refused', async () => {
    const published = await (await fetch(url)).text();
    const confused = await sign({}, createSecretKey(Buffer.from(published)));
    expect(await statusOf(`Bearer ${confused}`, withKeys(url))).toBe(401);
  });

  it('that cannot be fetched nobody is blamed: 503', async () => {
    const token = await sign({ alg: 'RS256' }, privateKey);
    expect(await statusOf(`Bearer ${token}`, withKeys('http://127.0.0.1:1/keys'))).toBe(503);
  });
});

describe('an operator', () => {
  it('has the configured token, whole', () => {
    expect(operatorFault('Bearer t0ken', 't0ken')).toBeUndefined();
    for (const given of [undefined, '', 'Bearer', 'Bearer t0ke', 'Bearer t0kenx', 'Basic t0ken', 't0ken']) {
      expect(operatorFault(given, 't0ken')?.status).toBe(401);
    }
  });

  it('cannot do anything while no token is configured', () => {
    expect(operatorFault('Bearer ', undefined)).toMatchObject({ status: 403, error: 'ADMIN_OFF' });
  });
});
