import type { Redis } from 'ioredis';
import { silentLog } from '../chassis/log';
import { connectRedis, redisReady } from '../chassis/redis';
import { eventually } from '../tests/support/eventually';
import type { Admitted, Claim, Claimed, FirstAnswer } from './admission';
import { RedisAdmission } from './redis-admission';
import { describeRedisAdmission } from './redis-admission.contract';

const url = process.env['REDIS_URL'] ?? '';
const options = {
  limits: { requestsMax: 5, windowMs: 60_000 },
  windowKeys: '{away}:window',
  idempotencyTtlMs: 1,
  log: silentLog,
};

describeRedisAdmission('in Redis', async () => {
  const redis = connectRedis(url, silentLog);
  await redisReady(redis, 5_000);
  return redis;
});

let number = 0;
const claimOf = (more: Partial<Claim> = {}): Claim => {
  number += 1;
  return { recordKey: `{away}:accepted:r${number}`, payload: 'p', correlationId: `c${number}`, ...more };
};
const answer: FirstAnswer = {
  correlation_id: 'first-r',
  position: { topic: 'order-requests', partition: 1, offset: 7 },
};
const claimed = (admitted: Admitted): Claimed => {
  if (admitted.kind !== 'claimed') throw new Error(`expected a claim, got ${admitted.kind}`);
  return admitted;
};

describe('without Redis', () => {
  const nobody = (): Redis => connectRedis('redis://127.0.0.1:1', silentLog);

  it('commands are let in at once, and counted in this process', async () => {
    const away = nobody();
    const onAway = jest.fn();
    const admission = new RedisAdmission(away, { ...options, onAway });
    const startedAtMs = performance.now();
    const claim = claimOf({ user: 'alice' });
    const kinds: string[] = [];
    for (let at = 0; at < 7; at += 1) kinds.push((await admission.admit(claim)).kind);
    expect(kinds).toEqual([...Array<string>(5).fill('claimed'), 'limited', 'limited']);
    expect(performance.now() - startedAtMs).toBeLessThan(400);
    expect(onAway).toHaveBeenCalledTimes(5);
    away.disconnect();
  });

  it('nothing else fails or waits', async () => {
    const redis = connectRedis(url, silentLog);
    await redisReady(redis, 5_000);
    const admission = new RedisAdmission(redis, options);
    const claim = claimOf({ user: 'bob' });
    const held = claimed(await admission.admit(claim));
    expect(held.countedAtMs).toBeGreaterThan(0);
    redis.disconnect();
    await eventually(() => expect(redis.status).toBe('end'));
    const startedAtMs = performance.now();
    await admission.accept(claim, answer);
    admission.release(claim, held, 'not-in-log');
    expect((await admission.admit(claim)).kind).toBe('claimed');
    expect(performance.now() - startedAtMs).toBeLessThan(100);
    await expect(admission.check()).rejects.toThrow();
  });

  it('that hangs, one batch waits half a second and the next ones not at all', async () => {
    const hung = connectRedis(url, silentLog);
    await redisReady(hung, 5_000);
    const admission = new RedisAdmission(hung, options);
    await hung.client('REPLY', 'OFF').catch(() => undefined);
    const startedAtMs = performance.now();
    expect((await admission.admit(claimOf())).kind).toBe('claimed');
    const waitedMs = performance.now() - startedAtMs;
    expect(waitedMs).toBeGreaterThan(490);
    expect(waitedMs).toBeLessThan(950);
    expect((await admission.admit(claimOf())).kind).toBe('claimed');
    expect(performance.now() - startedAtMs - waitedMs).toBeLessThan(100);
    hung.disconnect();
  });
});
