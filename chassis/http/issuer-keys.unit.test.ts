import { exportJWK, generateKeyPair, type FlattenedJWSInput, type JSONWebKeySet, type JWK } from 'jose';
import { IssuerKeys } from './issuer-keys';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const token = {} as FlattenedJWSInput;
let first: JWK;
let second: JWK;

beforeAll(async () => {
  const create = async (kid: string): Promise<JWK> => ({
    ...(await exportJWK((await generateKeyPair('ES256')).publicKey)),
    kid,
    alg: 'ES256',
  });
  [first, second] = await Promise.all([create('k1'), create('k2')]);
});

/** An issuer that publishes `answers` one after another; `undefined`: it is away. */
const keysOf = (...answers: readonly (Promise<JSONWebKeySet> | JSONWebKeySet | undefined)[]) => {
  let asked = 0;
  const clock = { nowMs: 0 };
  const keys = new IssuerKeys(
    async () => {
      const answer = await answers[asked++];
      if (answer === undefined) throw new Error('away');
      return answer;
    },
    () => clock.nowMs,
  );
  const find = (kid: string) => keys.find({ alg: 'ES256', kid }, token);
  return { find, clock, keys, asked: () => asked };
};

describe('the keys of an issuer', () => {
  it('are fetched once and kept', async () => {
    const { find, asked } = keysOf({ keys: [first] });
    await Promise.all([find('k1'), find('k1')]);
    await expect(find('k1')).resolves.toMatchObject({ type: 'public' });
    expect(asked()).toBe(1);
  });

  it('stay in use for a day while the issuer is away, and no longer', async () => {
    const { find, clock, keys, asked } = keysOf({ keys: [first] });
    await find('k1');
    for (let hour = 1; hour <= 24; hour += 1) {
      clock.nowMs = hour * hourMs;
      await expect(find('k1')).resolves.toBeDefined();
      await keys.refresh();
    }
    expect(asked()).toBeGreaterThan(2);
    clock.nowMs = 24 * hourMs + 1;
    await expect(find('k1')).rejects.toThrow('no keys');
  });

  it('are refreshed behind the requests that use them', async () => {
    let publish: (keys: JSONWebKeySet) => void = () => undefined;
    const late = new Promise<JSONWebKeySet>((resolve) => (publish = resolve));
    const { find, clock, keys } = keysOf({ keys: [first] }, late);
    await find('k1');
    clock.nowMs = 11 * minuteMs;
    await expect(find('k1')).resolves.toBeDefined();
    publish({ keys: [second] });
    await keys.refresh();
    await expect(find('k2')).resolves.toBeDefined();
    await expect(find('k1')).rejects.toThrow('no applicable key');
  });

  it('are asked for at once when a token names a new one, every 30 s at most', async () => {
    const { find, clock, asked } = keysOf({ keys: [first] }, { keys: [first, second] });
    await find('k1');
    await expect(find('k2')).rejects.toThrow('no applicable key');
    expect(asked()).toBe(1);
    clock.nowMs = 30_000;
    await expect(find('k2')).resolves.toBeDefined();
    await expect(find('k3')).rejects.toThrow('no applicable key');
    expect(asked()).toBe(2);
  });

  it('are not waited for without end when the issuer hangs', async () => {
    const { find } = keysOf(new Promise(() => undefined));
    await expect(find('k1')).rejects.toThrow('no keys');
  });

  it('are asked for again a second after the issuer was away', async () => {
    const { find, clock } = keysOf(undefined, { keys: [first] });
    await expect(find('k1')).rejects.toThrow('no keys');
    clock.nowMs = 1_000;
    await expect(find('k1')).resolves.toBeDefined();
  });

  it('are not thrown away for an answer that is none', async () => {
    const { find, clock, keys } = keysOf({ keys: [first] }, { error: 'maintenance' } as never);
    await find('k1');
    clock.nowMs = 11 * minuteMs;
    await keys.refresh();
    await expect(find('k1')).resolves.toBeDefined();
  });
});
