import { createHash, createSecretKey, timingSafeEqual } from 'node:crypto';
import { errors, jwtVerify, type JWTVerifyGetKey, type JWTVerifyOptions } from 'jose';
import type { AuthSettings } from '../settings';
import { fetchKeysFrom, IssuerKeys } from './issuer-keys';
import type { Problem } from './problem';

/** How the tokens of buyers are checked; `none` trusts the body, for a demo or behind a gateway that checked it. */
export type IdentitySettings =
  | { readonly mode: 'none' }
  | {
      readonly mode: 'jwt';
      readonly key:
        | { readonly kind: 'secret'; readonly secret: string }
        | { readonly kind: 'jwks'; readonly url: string };
      readonly issuer: string;
      readonly audience: string;
      /** Pinned: a token that names another algorithm is refused, `none` included. */
      readonly algorithms: readonly string[];
    };

export type Sender =
  | { readonly kind: 'buyer'; readonly subject: string }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Who an `Authorization` header speaks for. Never rejects. */
export type Identify = (authorization: string | undefined) => Promise<Sender>;

const algorithmsOf = (settings: AuthSettings, otherwise: readonly string[]): readonly string[] =>
  settings.JWT_ALGORITHMS?.split(',') ?? otherwise;

/** The settings in the shape that is used; readSettings has checked that what belongs together is there. */
export const identitySettings = (settings: AuthSettings): IdentitySettings => {
  if (settings.AUTH_MODE === 'none') return { mode: 'none' };
  const { JWT_JWKS_URL: url, JWT_SECRET: secret = '', JWT_ISSUER = '', JWT_AUDIENCE = '' } = settings;
  const common = { mode: 'jwt', issuer: JWT_ISSUER, audience: JWT_AUDIENCE } as const;
  return url === undefined
    ? { ...common, key: { kind: 'secret', secret }, algorithms: algorithmsOf(settings, ['HS256']) }
    : { ...common, key: { kind: 'jwks', url }, algorithms: algorithmsOf(settings, ['RS256', 'ES256']) };
};

/** A subject becomes part of keys and paths, so it keeps to what a user_id may be. */
const usableSubject = /^[A-Za-z0-9_-]{1,100}$/;
const bearer = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;
const clockToleranceSeconds = 5;

const unauthorized = (detail: string): Problem => ({
  status: 401,
  error: 'UNAUTHORIZED',
  title: 'A valid bearer token is needed',
  detail,
  headers: { 'WWW-Authenticate': 'Bearer' },
});

const subjectNotUsable: Problem = {
  status: 403,
  error: 'SUBJECT_NOT_USABLE',
  title: 'This token cannot buy',
  detail: 'The subject must be 1 to 100 characters of A-Z a-z 0-9 _ -.',
};

const keysUnavailable: Problem = {
  status: 503,
  error: 'IDENTITY_UNAVAILABLE',
  title: 'Tokens cannot be checked at the moment',
  detail: 'The keys of the issuer cannot be fetched.',
  retryAfterSeconds: 5,
};

export const bearerTokenOf = (authorization: string | undefined): string | undefined =>
  authorization === undefined ? undefined : bearer.exec(authorization)?.[1];

/** What jose says in words that help an honest client and tell a forger nothing he does not know. */
const problemOf = (error: unknown): Problem => {
  if (error instanceof errors.JWTExpired) return unauthorized('The token has expired.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    return unauthorized(`The claim ${error.claim} is missing or not accepted here.`);
  }
  if (error instanceof errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC') {
    return unauthorized('The token is not one that this service accepts.');
  }
  return keysUnavailable;
};

const issuerKeys = (url: string): JWTVerifyGetKey => {
  const keys = new IssuerKeys(fetchKeysFrom(url));
  void keys.refresh();
  return keys.find;
};

/** `undefined` when the mode is `none`: there is nothing to wait for then. */
export const createIdentify = (settings: IdentitySettings): Identify | undefined => {
  if (settings.mode === 'none') return undefined;
  const options: JWTVerifyOptions = {
    issuer: settings.issuer,
    audience: settings.audience,
    algorithms: [...settings.algorithms],
    requiredClaims: ['exp', 'sub'],
    clockTolerance: clockToleranceSeconds,
  };
  const { key } = settings;
  const keys: JWTVerifyGetKey =
    key.kind === 'jwks'
      ? issuerKeys(key.url)
      : (
          (secret) => () =>
            Promise.resolve(secret)
        )(createSecretKey(Buffer.from(key.secret, 'utf8')));

  return async (authorization) => {
    const token = bearerTokenOf(authorization);
    if (token === undefined) {
      return { kind: 'refused', problem: unauthorized('Send Authorization: Bearer <token>.') };
    }
    try {
      const { payload } = await jwtVerify(token, keys, options);
      const subject = payload.sub;
      if (subject === undefined || !usableSubject.test(subject)) {
        return { kind: 'refused', problem: subjectNotUsable };
      }
      return { kind: 'buyer', subject };
    } catch (error) {
      return { kind: 'refused', problem: problemOf(error) };
    }
  };
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const operatorsOff: Problem = {
  status: 403,
  error: 'ADMIN_OFF',
  title: 'Operators’ commands are off',
  detail: 'Set ADMIN_TOKEN where this service runs, then send it as a bearer token.',
};

/**
 * Checks an operator's bearer token against the configured one; `undefined`: it is right. Digests of equal length are
 * compared in constant time, so neither the length nor the first wrong character shows in the time it takes.
 */
export const operatorFault = (
  authorization: string | undefined,
  adminToken: string | undefined,
): Problem | undefined => {
  if (adminToken === undefined) return operatorsOff;
  const given = /^Bearer +(.*)$/i.exec(authorization ?? '')?.[1] ?? '';
  const isRight = timingSafeEqual(digest(given), digest(adminToken));
  return isRight ? undefined : unauthorized('Send Authorization: Bearer <ADMIN_TOKEN>.');
};
