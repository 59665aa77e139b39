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
      new RedisAdmission(redis, { limits: { ...limits, ...more }, idempotencyTtlMs: 60_000, log: silentLog });

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
      request_id: id,
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
        await admission.accept(claim, claimed(await admission.admit(claim)), answerOf('r'));
        const repeat = await admission.admit({ ...claim, correlationId: 'another' });
        expect(repeat).toEqual({ kind: 'accepted', first: answerOf('r') });
      });

      it('stays with its first answer, whoever accepts late', async () => {
        const admission = create();
        const claim = claimOf();
        const held = claimed(await admission.admit(claim));
        await admission.accept(claim, held, answerOf('first'));
        await admission.accept(claim, held, answerOf('late'));
        expect(await admission.admit(claim)).toEqual({ kind: 'accepted', first: answerOf('first') });
      });

      it('is not given to another payload, in flight or accepted', async () => {
        const admission = create();
        const claim = claimOf();
        const held = claimed(await admission.admit(claim));
        expect(await admission.admit({ ...claim, payload: 'q' })).toEqual({ kind: 'mismatch' });
        await admission.accept(claim, held, answerOf('r'));
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
        const held = claimed(await admission.admit(first));
        expect(await admission.admit(second)).toEqual({ kind: 'mismatch' });
        await admission.accept(first, held, answerOf('r'));
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
      const windowOf = (user: string): string => `{${sale}}:window:${user}`;

      it('lets the limit through, and repeats without counting them', async () => {
        const admission = create();
        const windowKey = windowOf('alice');
        const claims = Array.from({ length: 8 }, () => claimOf({ windowKey }));
        const admitted = await Promise.all(claims.map((claim) => admission.admit(claim)));
        expect(admitted.map(({ kind }) => kind)).toEqual([
          ...Array<string>(5).fill('claimed'),
          ...Array<string>(3).fill('limited'),
        ]);
        expect(admitted.slice(0, 5).map((it) => it.kind === 'claimed' && it.quota?.remaining)).toEqual([
          4, 3, 2, 1, 0,
        ]);
        expect((await admission.admit(claims[0]!)).kind).toBe('in-flight');
        expect(await redis.llen(windowKey)).toBe(5);
      });

      it('burns no id of what it refuses', async () => {
        const admission = create({ requestsMax: 1 });
        const windowKey = windowOf('bob');
        await admission.admit(claimOf({ windowKey }));
        const refused = claimOf({ windowKey });
        const answer = await admission.admit(refused);
        expect(answer.kind === 'limited' && answer.retryAfterMs).toBeGreaterThan(0);
        expect(await redis.exists(refused.recordKey)).toBe(0);
      });

      it('gets back the place of what the log did not take', async () => {
        const admission = create({ requestsMax: 1 });
        const windowKey = windowOf('carol');
        for (const reason of ['not-in-log', 'unknown'] as const) {
          const claim = claimOf({ windowKey });
          admission.release(claim, claimed(await admission.admit(claim)), reason);
          await eventually(async () => expect(await redis.llen(windowKey)).toBe(0));
        }
      });

      it('slides: it has room as soon as its oldest order has left it', async () => {
        const admission = create({ requestsMax: 2, windowMs: 400 });
        const windowKey = windowOf('dave');
        for (let at = 0; at < 2; at += 1) claimed(await admission.admit(claimOf({ windowKey })));
        expect((await admission.admit(claimOf({ windowKey }))).kind).toBe('limited');
        await eventually(async () => {
          expect((await admission.admit(claimOf({ windowKey }))).kind).toBe('claimed');
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
            const claims = sequence.map((user) => claimOf({ windowKey: windowOf(`${user}-${round}`) }));
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
        const past = fc.array(fc.tuple(fc.constantFrom('u1', 'u2'), fc.nat(11)), { maxLength: 30 });
        let round = 0;
        await fc.assert(
          fc.asyncProperty(past, async (before) => {
            round += 1;
            const admission = create({ windowMs });
            let agoMs = 0;
            const twin = new WindowLimiter({ ...limits, windowMs }, () => -agoMs);
            const keyOf = (user: string): string => windowOf(`${user}-slides-${round}`);
            // In the middle of steps of ten minutes, so that no instant leaves the window while the test runs.
            for (const [user, steps] of [...before].sort(([, a], [, b]) => b - a)) {
              agoMs = steps * 600_000 + 300_000;
              if (twin.count(user).kind === 'counted') await redis.rpush(keyOf(user), Date.now() - agoMs);
            }
            agoMs = 0;
            const users = ['u1', 'u2', 'u1', 'u1', 'u2', 'u1', 'u1', 'u1'];
            const admitted = await Promise.all(
              users.map((user) => admission.admit(claimOf({ windowKey: keyOf(user) }))),
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

      it('is off with a limit of 0', async () => {
        const admission = create({ requestsMax: 0 });
        const windowKey = windowOf('erin');
        const admitted = claimed(await admission.admit(claimOf({ windowKey })));
        expect(admitted.quota).toBeUndefined();
        expect(await redis.exists(windowKey)).toBe(0);
      });
    });
  });
};
