import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { withDeadline } from '../deadline';

/** Gives what the issuer publishes; rejects when it cannot be had. */
export type FetchKeys = () => Promise<JSONWebKeySet>;

const fetchTimeoutMs = 2_000;
/**
 * What a request may wait for the issuer. The fetch itself goes on. With the 2.9 s of the rest a buyer waits 3.3 s at worst,
 * and only one whose token names a key that is not known.
 */
const waitMs = 400;
/** After this the keys are fetched anew, behind the requests that use them. */
const freshMs = 10 * 60_000;
/**
 * Keys are good for a day when the issuer cannot be asked, so that its outage stops no sale; a key that it withdrew
 * meanwhile is believed as long.
 */
const staleMaxMs = 24 * 3_600_000;
/** Between two fetches: unknown key ids in forged tokens must not become a flood at the issuer. */
const pauseMs = 30_000;
/** The same while there are no keys and nobody can buy. */
const pauseWithoutKeysMs = 1_000;

export const fetchKeysFrom =
  (url: string): FetchKeys =>
  async () => {
    const answer = await fetch(url, {
      headers: { Accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(fetchTimeoutMs),
    });
    if (answer.status !== 200) throw new Error(`the issuer answered ${answer.status}`);
    return (await answer.json()) as JSONWebKeySet;
  };

/** The keys of an issuer: fetched ahead, kept through its outages, asked for again when a token names an unknown one. */
export class IssuerKeys {
  readonly #fetchKeys: FetchKeys;
  readonly #nowMs: () => number;
  #find: JWTVerifyGetKey | undefined;
  #fetchedAtMs = 0;
  #mayFetchAtMs = 0;
  #fetching: Promise<void> | undefined;

  constructor(fetchKeys: FetchKeys, nowMs: () => number = () => performance.now()) {
    this.#fetchKeys = fetchKeys;
    this.#nowMs = nowMs;
  }

  /** Fetches in the background unless it was done lately; never rejects. */
  refresh(): Promise<void> {
    if (this.#fetching === undefined && this.#nowMs() >= this.#mayFetchAtMs) {
      this.#fetching = this.#fetch().finally(() => (this.#fetching = undefined));
    }
    return this.#fetching ?? Promise.resolve();
  }

  /** The key that a token's header names. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const ageMs = this.#nowMs() - this.#fetchedAtMs;
    if (this.#find === undefined || ageMs > staleMaxMs) await this.#waitForRefresh();
    else if (ageMs > freshMs) void this.refresh();
    try {
      return await this.#known()(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.#waitForRefresh();
      return this.#known()(header, token);
    }
  };

  #known(): JWTVerifyGetKey {
    if (this.#find === undefined || this.#nowMs() - this.#fetchedAtMs > staleMaxMs) {
      throw new Error('there are no keys of the issuer');
    }
    return this.#find;
  }

  async #waitForRefresh(): Promise<void> {
    await withDeadline(this.refresh(), waitMs, 'the keys of the issuer').catch(() => undefined);
  }

  async #fetch(): Promise<void> {
    try {
      this.#find = createLocalJWKSet(await this.#fetchKeys());
      this.#fetchedAtMs = this.#nowMs();
    } catch {
      // The answer to a buyer says so when it matters: 503, or 401 for a key that is not among the known ones.
    }
    this.#mayFetchAtMs = this.#nowMs() + (this.#find === undefined ? pauseWithoutKeysMs : pauseMs);
  }
}
