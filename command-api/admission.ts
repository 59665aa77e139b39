import type { LogPosition } from '../chassis/kafka/log';

/** What is remembered of a command that the log has: enough to answer a repeat as the first was answered. */
export interface FirstAnswer {
  readonly correlation_id: string;
  readonly position: LogPosition;
}

/** A command's identity as it asks to be let in. Keys are whole Redis keys and carry the sale's hash tag. */
export interface Claim {
  readonly recordKey: string;
  /** Two commands are copies of each other when this text is equal; it holds no line break. */
  readonly payload: string;
  readonly correlationId: string;
  /** When an order was asked for, milliseconds since 1970: who reads it before a view has it is told. */
  readonly requestedAtMs?: number;
  /** Whose sliding window counts this command; without it nothing is counted. No user is called ':'. */
  readonly user?: string;
  /** Where the client's own `Idempotency-Key` points at the record. */
  readonly replayKey?: string;
}

/** What is left of a user's sliding window, and when it grows again. */
export interface Quota {
  readonly remaining: number;
  readonly resetMs: number;
}

export type Admitted =
  | {
      /** This request goes on; every other copy is in flight until it is accepted, released, or the lease runs out. */
      readonly kind: 'claimed';
      readonly quota: Quota | undefined;
      /** The instant counted in the window, to give it back; undefined when Redis was not there to count. */
      readonly countedAtMs: number | undefined;
      /** When the lease has run out at the latest, by `performance.now()`; undefined when nobody holds it. */
      readonly heldUntilMs: number | undefined;
    }
  | { readonly kind: 'accepted'; readonly first: FirstAnswer }
  | { readonly kind: 'in-flight'; readonly retryAfterMs: number }
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'limited'; readonly retryAfterMs: number };

export type Claimed = Extract<Admitted, { kind: 'claimed' }>;

/**
 * What the log holds for certain not frees the id at once; what it may hold keeps the lease, which is 5 s. Both give the
 * place in the window back. `refused` frees the id and keeps the place: who presses before a sale opens presses all the same.
 */
export type ReleaseReason = 'not-in-log' | 'unknown' | 'refused';

/** Idempotency and the rate limit, decided together. No method rejects: without Redis commands are let in. */
export interface Admission {
  admit(claim: Claim): Promise<Admitted>;
  /** Remembers the answer. Resolves when that is on its way to Redis, or was given up: an accepted order stays accepted. */
  accept(claim: Claim, first: FirstAnswer): Promise<void>;
  release(claim: Claim, claimed: Claimed, reason: ReleaseReason): void;
}
