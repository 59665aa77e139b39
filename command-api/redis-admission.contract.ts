import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { silentLog } from '../chassis/log';
import type { RedisClient } from '../chassis/redis';
import { eventually } from '../tests/support/eventually';
import type { Admitted, Claim, Claimed, FirstAnswer } from './admission';
import { leaseMs, RedisAdmission } from './redis-admission';
import { WindowLimiter } from './window-limiter';

const limits = { requestsMax: 5, windowMs: 60_000 };

/** What admission must do with whatever Redis it is given; the keys it leaves are under one sale of its own. */
export const describeRedisAdmission = (name: string, connect: () => Promise<RedisClient>): void => {
  describe(`admission ${name}`, () => {
    let redis: RedisClient;
    let sale: string;
    const create = (more: Partial<typeof limits> = {}): RedisAdmission =>
      new RedisAdmission(redis, {
        limits: { ...limits, ...more },
        windowKeys: `{${sale}}:window`,
        idempotencyTtlMs: 60_000,
        log: silentLog,
      });
    /** The span of an instant, as admit.lua keeps it. */
    const spanOf = (instantMs: number, windowMs: number) => {
      const number = Math.floor(instantMs / windowMs);
      return {
        key: `{${sale}}:window:${windowMs}:${number % 2}`,
        number,
        offset: instantMs - number * windowMs,
      };
    };
    /** What the spans that a window touches hold of a user. */
    const instantsOf = async (user: string, windowMs = limits.windowMs): Promise<string> => {
      const now = Date.now();
      const spans = [spanOf(now - windowMs, windowMs), spanOf(now, windowMs)];
      const texts = await Promise.all(spans.map(({ key }) => redis.hget(key, user)));
      return texts.filter((text) => text !== null).join(' ');
    };

    let number = 0;
    const claimOf = (more: Partial<Claim> = {}): Claim => {
      number += 1;
      return {
        recordKey: `{${sale}}:accepted:r${number}`,
        payload: 'p',
        correlationId: `c${number}`,
        ...more,
      };
    };
    const answerOf = (id: string): FirstAnswer => ({
      correlation_id: `first-${id}`,
      position: { topic: 'order-requests', partition: 1, offset: 7 },
    });
    const claimed = (admitted: Admitted): Claimed => {
      if (admitted.kind !== 'claimed') throw new Error(`expected a claim, got ${admitted.kind}`);
      return admitted;
    };

    beforeAll(async () => {
      sale = `admission-${randomUUID()}`;
      redis = await connect();
    }, 30_000);
    afterAll(() => redis.disconnect());

    describe('an id', () => {
      it('is claimed by one of a thousand copies; the others are told that it is in flight', async () => {
        const admission = create();
        const claim = claimOf();
        const copies = await Promise.all(Array.from({ length: 1_000 }, () => admission.admit(claim)));
        expect(copies.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
        expect(copies.filter(({ kind }) => kind === 'in-flight')).toHaveLength(999);
        const other = copies.find(({ kind }) => kind === 'in-flight');
        expect(other?.kind === 'in-flight' && other.retryAfterMs).toBeGreaterThan(0);
        expect(other?.kind === 'in-flight' && other.retryAfterMs).toBeLessThanOrEqual(leaseMs);
      });

      it('that was accepted gives the first answer to every repeat', async () => {
        const admission = create();
        const claim = claimOf();
        claimed(await admission.admit(claim));
        await admission.accept(claim, answerOf('r'));
        const repeat = await admission.admit({ ...claim, correlationId: 'another' });
        expect(repeat).toEqual({ kind: 'accepted', first: answerOf('r') });
      });

      it('stays with its first answer, whoever accepts late', async () => {
        const admission = create();
        const claim = claimOf();
        claimed(await admission.admit(claim));
        await admission.accept(claim, answerOf('first'));
        await admission.accept(claim, answerOf('late'));
        expect(await admission.admit(claim)).toEqual({ kind: 'accepted', first: answerOf('first') });
      });

      it('is not given to another payload, in flight or accepted', async () => {
        const admission = create();
        const claim = claimOf();
        claimed(await admission.admit(claim));
        expect(await admission.admit({ ...claim, payload: 'q' })).toEqual({ kind: 'mismatch' });
        await admission.accept(claim, answerOf('r'));
        expect(await admission.admit({ ...claim, payload: 'q' })).toEqual({ kind: 'mismatch' });
      });

      it('is free again at once when the log certainly has nothing', async () => {
        const admission = create();
        const claim = claimOf();
        admission.release(claim, claimed(await admission.admit(claim)), 'not-in-log');
        await eventually(async () => expect((await admission.admit(claim)).kind).toBe('claimed'));
      });

      it('is held for the lease when the log may have it', async () => {
        const admission = create();
        const claim = claimOf();
        admission.release(claim, claimed(await admission.admit(claim)), 'unknown');
        await admission.admit(claimOf());
        expect((await admission.admit(claim)).kind).toBe('in-flight');
        const leftMs = await redis.pttl(claim.recordKey);
        expect(leftMs).toBeGreaterThan(leaseMs - 2_000);
        expect(leftMs).toBeLessThanOrEqual(leaseMs);
      });

      it('is not freed by a claim whose lease ran out, once another holds it', async () => {
        const admission = create();
        const claim = claimOf();
        const stale = claimed(await admission.admit(claim));
        await redis.del(claim.recordKey);
        const newer = { ...claim, correlationId: 'newer' };
        claimed(await admission.admit(newer));
        admission.release(claim, stale, 'not-in-log');
        await admission.admit(claimOf());
        expect((await admission.admit(newer)).kind).toBe('in-flight');
      });
    });

    describe('an Idempotency-Key', () => {
      it('belongs to one request_id, from its claim on', async () => {
        const admission = create();
        const replayKey = `{${sale}}:idempotency:k1`;
        const first = claimOf({ replayKey });
        const second = claimOf({ replayKey });
        claimed(await admission.admit(first));
        expect(await admission.admit(second)).toEqual({ kind: 'mismatch' });
        await admission.accept(first, answerOf('r'));
        expect(await admission.admit(second)).toEqual({ kind: 'mismatch' });
        expect((await admission.admit(first)).kind).toBe('accepted');
      });

      it('is free again with its claim', async () => {
        const admission = create();
        const replayKey = `{${sale}}:idempotency:k2`;
        const first = claimOf({ replayKey });
        admission.release(first, claimed(await admission.admit(first)), 'not-in-log');
        await eventually(async () =>
          expect((await admission.admit(claimOf({ replayKey }))).kind).toBe('claimed'),
        );
      });
    });

    describe('the window', () => {
      it('lets the limit through, and repeats without counting them', async () => {
        const admission = create();
        const user = 'alice';
        const claims = Array.from({ length: 8 }, () => claimOf({ user }));
        const admitted = await Promise.all(claims.map((claim) => admission.admit(claim)));
        expect(admitted.map(({ kind }) => kind)).toEqual([
          ...Array<string>(5).fill('claimed'),
          ...Array<string>(3).fill('limited'),
        ]);
        expect(admitted.slice(0, 5).map((it) => it.kind === 'claimed' && it.quota?.remaining)).toEqual([
          4, 3, 2, 1, 0,
        ]);
        expect((await admission.admit(claims[0]!)).kind).toBe('in-flight');
        expect((await instantsOf(user)).split(' ')).toHaveLength(5);
      });

      it('burns no id of what it refuses', async () => {
        const admission = create({ requestsMax: 1 });
        const user = 'bob';
        await admission.admit(claimOf({ user }));
        const refused = claimOf({ user });
        const answer = await admission.admit(refused);
        expect(answer.kind === 'limited' && answer.retryAfterMs).toBeGreaterThan(0);
        expect(await redis.exists(refused.recordKey)).toBe(0);
      });

      it('gets back the place of what the log did not take', async () => {
        const admission = create({ requestsMax: 1 });
        const user = 'carol';
        for (const reason of ['not-in-log', 'unknown'] as const) {
          const claim = claimOf({ user });
          admission.release(claim, claimed(await admission.admit(claim)), reason);
          await eventually(async () => expect(await instantsOf(user)).toBe(''));
        }
      });

      it('keeps the place of what was refused, and its id is free', async () => {
        const admission = create({ requestsMax: 2 });
        const user = 'heidi';
        const claim = claimOf({ user });
        admission.release(claim, claimed(await admission.admit(claim)), 'refused');
        await eventually(async () => expect(await redis.exists(claim.recordKey)).toBe(0));
        expect((await instantsOf(user)).split(' ')).toHaveLength(1);
        const again = claimed(await admission.admit(claim));
        expect(again.quota?.remaining).toBe(0);
        admission.release(claim, again, 'refused');
        await eventually(async () => expect(await redis.exists(claim.recordKey)).toBe(0));
        expect((await admission.admit(claim)).kind).toBe('limited');
      });

      it('slides: it has room as soon as its oldest order has left it', async () => {
        const admission = create({ requestsMax: 2, windowMs: 400 });
        const user = 'dave';
        for (let at = 0; at < 2; at += 1) claimed(await admission.admit(claimOf({ user })));
        expect((await admission.admit(claimOf({ user }))).kind).toBe('limited');
        await eventually(async () => {
          expect((await admission.admit(claimOf({ user }))).kind).toBe('claimed');
        });
      });

      it('decides as the in-process one does, for any sequence of users', async () => {
        const users = fc.array(fc.constantFrom('u1', 'u2', 'u3'), { maxLength: 40 });
        let round = 0;
        await fc.assert(
          fc.asyncProperty(users, async (sequence) => {
            round += 1;
            const admission = create();
            const twin = new WindowLimiter(limits, () => 0);
            const claims = sequence.map((user) => claimOf({ user: `${user}-${round}` }));
            const admitted = await Promise.all(claims.map((claim) => admission.admit(claim)));
            const kinds = sequence.map((user) =>
              twin.count(user).kind === 'counted' ? 'claimed' : 'limited',
            );
            expect(admitted.map(({ kind }) => kind)).toEqual(kinds);
          }),
          { numRuns: 30 },
        );
      });

      it('slides as the in-process one does, whatever was counted before', async () => {
        const windowMs = 3_600_000;
        const countAt = async (instantMs: number, user: string): Promise<void> => {
          const { key, number, offset } = spanOf(instantMs, windowMs);
          if (number < spanOf(Date.now(), windowMs).number - 1) return;
          const text = await redis.hget(key, user);
          await redis.hset(key, { ':': number, [user]: text === null ? offset : `${text} ${offset}` });
        };
        const past = fc.array(fc.tuple(fc.constantFrom('u1', 'u2'), fc.nat(11)), { maxLength: 30 });
        let round = 0;
        await fc.assert(
          fc.asyncProperty(past, async (before) => {
            round += 1;
            const admission = create({ windowMs });
            let agoMs = 0;
            const twin = new WindowLimiter({ ...limits, windowMs }, () => -agoMs);
            const nameOf = (user: string): string => `${user}-slides-${round}`;
            // In the middle of steps of ten minutes, so that no instant leaves the window while the test runs.
            for (const [user, steps] of [...before].sort(([, a], [, b]) => b - a)) {
              agoMs = steps * 600_000 + 300_000;
              if (twin.count(user).kind === 'counted') await countAt(Date.now() - agoMs, nameOf(user));
            }
            agoMs = 0;
            const users = ['u1', 'u2', 'u1', 'u1', 'u2', 'u1', 'u1', 'u1'];
            const admitted = await Promise.all(
              users.map((user) => admission.admit(claimOf({ user: nameOf(user) }))),
            );
            const left = admitted.map((it) => (it.kind === 'claimed' ? it.quota?.remaining : it.kind));
            const expected = users.map((user) => {
              const counted = twin.count(user);
              return counted.kind === 'counted' ? counted.quota.remaining : counted.kind;
            });
            expect(left).toEqual(expected);
          }),
          { numRuns: 30 },
        );
      });

      it('is of bounded length, whatever the limit, and lets exactly the limit through', async () => {
        const admission = create({ requestsMax: 300, windowMs: 3_600_000 });
        const user = 'frank';
        const press = async (): Promise<Admitted> => admission.admit(claimOf({ user }));
        const held = claimed(await press());
        const kinds: string[] = [];
        for (let at = 0; at < 30; at += 1) {
          const admitted = await Promise.all(Array.from({ length: 10 }, press));
          kinds.push(...admitted.map(({ kind }) => kind));
        }
        expect(kinds.filter((kind) => kind === 'claimed')).toHaveLength(299);
        // 64 as they were, and one for each 64th of an hour that the test touches.
        expect((await instantsOf(user, 3_600_000)).split(' ').length).toBeLessThanOrEqual(67);
        admission.release(claimOf({ user }), held, 'not-in-log');
        await eventually(async () => expect((await press()).kind).toBe('claimed'));
        expect((await press()).kind).toBe('limited');
      });

      it('forgets the spans that its keys held before', async () => {
        const windowMs = 7_200_000;
        const spans = [2, 3].map((ago) => spanOf(Date.now() - ago * windowMs, windowMs));
        const full = '7199995 7199996 7199997 7199998 7199999';
        for (const { key, number } of spans) {
          await redis.hset(key, { ':': number, grace: full, other: full });
        }
        const admitted = claimed(await create({ windowMs }).admit(claimOf({ user: 'grace' })));
        expect(admitted.quota?.remaining).toBe(4);
        const running = spanOf(admitted.countedAtMs ?? 0, windowMs);
        expect(await redis.hgetall(running.key)).toEqual({
          ':': String(running.number),
          grace: String(running.offset),
        });
        const leftMs = await redis.pttl(running.key);
        expect(leftMs).toBeGreaterThan(windowMs);
        expect(leftMs).toBeLessThanOrEqual(2 * windowMs);
      });

      it('is off with a limit of 0', async () => {
        const admission = create({ requestsMax: 0 });
        const user = 'erin';
        const admitted = claimed(await admission.admit(claimOf({ user })));
        expect(admitted.quota).toBeUndefined();
        expect(await instantsOf(user)).toBe('');
      });
    });
  });
};
