import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../chassis/log';
import { acceptedRecord, readAnswer } from '../schemas/accepted-order';
import type { Admission, Admitted, Claim, Claimed, FirstAnswer, ReleaseReason } from './admission';
import { BatchQueue, type BatchBounds } from './batch-queue';
import { WindowLimiter, type WindowLimits } from './window-limiter';

/** The commands this adapter needs of a Redis client, single or cluster. */
export interface ScriptRunner {
  readonly status: string;
  set(key: string, value: string, unit: 'PX', expiresInMs: number): Promise<unknown>;
  defineCommand(name: string, definition: { readonly lua: string }): void;
}

type Script = (keyCount: number, ...parts: readonly (string | number)[]) => Promise<unknown>;
type Scripts = Readonly<Record<'admitCommands' | 'acceptCommands' | 'releaseCommands', Script>>;

export interface AdmissionOptions {
  readonly limits: WindowLimits;
  /** How the Redis keys of the sale's sliding windows begin, its hash tag included. */
  readonly windowKeys: string;
  readonly idempotencyTtlMs: number;
  readonly log: Log;
  readonly nowMs?: () => number;
  /** As many waiting commands as are worth a call at once, at this moment. Default: a full batch. */
  readonly company?: () => number;
  /** Told of each command that was let in without Redis, for metrics. */
  readonly onAway?: () => void;
}

/**
 * Longer than a command can take (2.9 s, see below), so that a living request never loses its claim; short enough that
 * after a crash between claim and acknowledgement a retry is let in within 6 s.
 */
export const leaseMs = 5_000;
/** A script call this large takes about 1 ms of Redis; larger ones would make the saga's scripts wait. */
const batchMax = 128;
/**
 * Without it batches held ten commands at 128 connections, and writing them to the socket was a sixth of the process's time.
 */
const everyMs = 3;
/** Below this many waiting commands; beyond it Redis is not keeping up and is treated as away. */
const waitingMax = 8_192;
/**
 * A batch normally takes 1 ms. After this the request goes on without Redis. With the log's 2 s between the two a
 * request is answered within 2.9 s; with a token whose key is asked for, 3.3 s (issuer-keys.ts).
 */
const admitWithinMs = 500;
const acceptWithinMs = 400;
/** After a failure nobody waits for that script for so long: one hung server costs one wait and not one a request. */
const restMs = 1_000;
/** A rest and the 2 s between two checks of health: none of those that follow one another is missed. */
const troubleMs = 3_000;

const frees = 1;
const hasReplayKey = 2;

const readScript = (name: string): string => readFileSync(join(__dirname, `${name}.lua`), 'utf8');

interface Acceptance {
  readonly claim: Claim;
  readonly first: FirstAnswer;
}
interface Release {
  readonly claim: Claim;
  /** 0: nothing was counted, or it stays counted. */
  readonly countedAtMs: number;
  readonly isFreed: boolean;
}

const recordOf = ({ claim, first }: Acceptance): string => {
  const { correlation_id, position } = first;
  return acceptedRecord(claim.payload, { correlation_id, position, requested_at: claim.requestedAtMs });
};

/** Admission in Redis, one script call for all that wait together (batch-queue.ts); in process while Redis is away. */
export class RedisAdmission implements Admission {
  private readonly redis: ScriptRunner;
  private readonly scripts: Scripts;
  private readonly options: AdmissionOptions;
  private readonly fallback: WindowLimiter;
  private readonly nowMs: () => number;
  private readonly admissions: BatchQueue<Claim, Admitted>;
  private readonly acceptances: BatchQueue<Acceptance, undefined>;
  private readonly releases: BatchQueue<Release, undefined>;
  private readonly restsUntilMs = { admit: 0, accept: 0 };
  private trouble: { readonly error: unknown; readonly atMs: number } | undefined;

  constructor(redis: ScriptRunner, options: AdmissionOptions) {
    redis.defineCommand('admitCommands', { lua: readScript('admit') });
    redis.defineCommand('acceptCommands', { lua: readScript('accept') });
    redis.defineCommand('releaseCommands', { lua: readScript('release') });
    this.redis = redis;
    this.scripts = redis as unknown as Scripts;
    this.options = options;
    this.nowMs = options.nowMs ?? ((): number => performance.now());
    this.fallback = new WindowLimiter(options.limits, this.nowMs);
    const within = (answerWithinMs: number): BatchBounds => ({
      batchMax,
      waitingMax,
      answerWithinMs,
      everyMs,
      company: options.company ?? ((): number => batchMax),
    });
    this.admissions = new BatchQueue((claims) => this.runAdmit(claims), within(admitWithinMs));
    this.acceptances = new BatchQueue((batch) => this.runAccept(batch), within(acceptWithinMs), {
      result: undefined,
    });
    this.admissions.lead(this.acceptances);
    this.releases = new BatchQueue((batch) => this.runRelease(batch), within(admitWithinMs));
  }

  async admit(claim: Claim): Promise<Admitted> {
    if (!this.isReady || this.rests('admit')) return this.admitAlone(claim);
    try {
      return await this.admissions.add(claim);
    } catch (error) {
      this.rest('admit', error);
      return this.admitAlone(claim);
    }
  }

  /**
   * Tried whenever there is a connection: one late batch of claims says little about the answers, and an answer that is
   * not remembered leaves its order unknown to readers until the view has it. Late ones are sent and not waited for.
   *
   * Resolves when it is on its way: whoever asks after the 202 asks Redis behind it. Waiting for the reply as well cost a
   * quarter of what one process accepts at 128 connections (docs/benchmark-command-api-history.md). A repeat that overtakes it
   * all the same reads "in flight", a reader waits for the view.
   */
  async accept(claim: Claim, first: FirstAnswer): Promise<void> {
    if (!this.isReady) return;
    const remembered = this.acceptances
      .add({ claim, first })
      .catch((error: unknown) => this.rest('accept', error));
    if (!this.rests('accept')) await remembered;
  }

  release(claim: Claim, claimed: Claimed, reason: ReleaseReason): void {
    if (claimed.countedAtMs === undefined || !this.isReady) return;
    const countedAtMs = reason === 'refused' ? 0 : claimed.countedAtMs;
    const release = { claim, countedAtMs, isFreed: reason !== 'unknown' };
    this.releases.add(release).catch((error: unknown) => this.rest('admit', error));
  }

  /**
   * Resolves when commands go by way of Redis. PING says too little: a Redis without memory and a replica answer it, and
   * let nobody in.
   * @throws what Redis says to a write, or why commands were let in without it lately.
   */
  async check(): Promise<void> {
    await this.redis.set(`${this.options.windowKeys}:probe`, '', 'PX', troubleMs);
    if (this.trouble && this.nowMs() - this.trouble.atMs < troubleMs) throw this.trouble.error;
  }

  private get isReady(): boolean {
    return this.redis.status === 'ready';
  }

  private rests(script: keyof typeof this.restsUntilMs): boolean {
    return this.nowMs() < this.restsUntilMs[script];
  }

  private rest(script: keyof typeof this.restsUntilMs, error: unknown): void {
    if (!this.isReady || this.rests(script)) return;
    this.trouble = { error, atMs: this.nowMs() };
    this.restsUntilMs[script] = this.trouble.atMs + restMs;
    this.options.log.warn('redis does not answer: commands are let in without it', {
      event: 'admission_without_redis',
      script,
      error,
    });
  }

  private admitAlone(claim: Claim): Admitted {
    const admitted = this.countAlone(claim);
    if (admitted.kind === 'claimed') this.options.onAway?.();
    return admitted;
  }

  private countAlone(claim: Claim): Admitted {
    if (claim.user === undefined || this.options.limits.requestsMax === 0) {
      return { kind: 'claimed', quota: undefined, countedAtMs: undefined, heldUntilMs: undefined };
    }
    const counted = this.fallback.count(claim.user);
    if (counted.kind === 'limited') return counted;
    return { kind: 'claimed', quota: counted.quota, countedAtMs: undefined, heldUntilMs: undefined };
  }

  /** Of the spans with even and with odd numbers (admit.lua); none when nobody of a batch is counted. */
  private spanKeys(isCounted: boolean): readonly string[] {
    if (!isCounted) return [];
    const begin = `${this.options.windowKeys}:${this.options.limits.windowMs}`;
    return [`${begin}:0`, `${begin}:1`];
  }

  private async runAdmit(claims: readonly Claim[]): Promise<readonly Admitted[]> {
    const { requestsMax, windowMs } = this.options.limits;
    const isCounted = requestsMax > 0 && claims.some(({ user }) => user !== undefined);
    const keys = [...this.spanKeys(isCounted)];
    const values: (string | number)[] = [leaseMs, isCounted ? requestsMax : 0, windowMs];
    for (const { recordKey, user = '', replayKey, payload, correlationId } of claims) {
      keys.push(recordKey);
      if (replayKey !== undefined) keys.push(replayKey);
      values.push(`${payload}\n#${correlationId}`, isCounted ? user : '', replayKey === undefined ? 0 : 1);
    }
    const replies = (await this.scripts.admitCommands(keys.length, ...keys, ...values)) as unknown[];
    const heldUntilMs = this.nowMs() + leaseMs;
    return claims.map((_, index) => toAdmitted(replies, index * 4, heldUntilMs));
  }

  private async runAccept(batch: readonly Acceptance[]): Promise<readonly undefined[]> {
    const keys: string[] = [];
    const values: (string | number)[] = [this.options.idempotencyTtlMs];
    for (const acceptance of batch) {
      const { recordKey, replayKey } = acceptance.claim;
      keys.push(recordKey);
      if (replayKey !== undefined) keys.push(replayKey);
      values.push(recordOf(acceptance), replayKey === undefined ? 0 : 1);
    }
    try {
      await this.scripts.acceptCommands(keys.length, ...keys, ...values);
    } catch (error) {
      // Those of this batch do not wait any more, and would not say so.
      this.rest('accept', error);
      throw error;
    }
    return batch.map(() => undefined);
  }

  private async runRelease(batch: readonly Release[]): Promise<readonly undefined[]> {
    const isCounted = batch.some(({ countedAtMs }) => countedAtMs !== 0);
    const keys = [...this.spanKeys(isCounted)];
    const values: (string | number)[] = [isCounted ? this.options.limits.windowMs : 0];
    for (const { claim, countedAtMs, isFreed } of batch) {
      keys.push(claim.recordKey);
      if (claim.replayKey !== undefined) keys.push(claim.replayKey);
      const flags = (isFreed ? frees : 0) + (claim.replayKey === undefined ? 0 : hasReplayKey);
      values.push(claim.correlationId, countedAtMs === 0 ? '' : (claim.user ?? ''), countedAtMs, flags);
    }
    await this.scripts.releaseCommands(keys.length, ...keys, ...values);
    return batch.map(() => undefined);
  }
}

/** The four values of admit.lua at `at`, in words. What cannot be read is treated as in flight: a retry is harmless. */
const toAdmitted = (replies: readonly unknown[], at: number, heldUntilMs: number): Admitted => {
  const detail = replies[at + 1];
  switch (replies[at]) {
    case 'CLAIMED': {
      const remaining = Number(replies[at + 2]);
      const quota = remaining < 0 ? undefined : { remaining, resetMs: Number(replies[at + 3]) };
      return { kind: 'claimed', quota, countedAtMs: Number(detail), heldUntilMs };
    }
    case 'ACCEPTED': {
      const first = readAnswer(String(detail));
      return first ? { kind: 'accepted', first } : { kind: 'in-flight', retryAfterMs: leaseMs };
    }
    case 'MISMATCH':
      return { kind: 'mismatch' };
    case 'LIMITED':
      return { kind: 'limited', retryAfterMs: Number(detail) };
    default:
      return { kind: 'in-flight', retryAfterMs: Math.max(0, Number(detail)) };
  }
};
