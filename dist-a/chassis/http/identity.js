"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.operatorFault = exports.createIdentify = exports.bearerTokenOf = exports.identitySettings = void 0;
const node_crypto_1 = require("node:crypto");
const jose_1 = require("jose");
const issuer_keys_1 = require("./issuer-keys");
const algorithmsOf = (settings, otherwise) => settings.JWT_ALGORITHMS?.split(',') ?? otherwise;
/** The settings in the shape that is used; readSettings has checked that what belongs together is there. */
const identitySettings = (settings) => {
    if (settings.AUTH_MODE === 'none')
        return { mode: 'none' };
    const { JWT_JWKS_URL: url, JWT_SECRET: secret = '', JWT_ISSUER = '', JWT_AUDIENCE = '' } = settings;
    const common = { mode: 'jwt', issuer: JWT_ISSUER, audience: JWT_AUDIENCE };
    return url === undefined
        ? { ...common, key: { kind: 'secret', secret }, algorithms: algorithmsOf(settings, ['HS256']) }
        : { ...common, key: { kind: 'jwks', url }, algorithms: algorithmsOf(settings, ['RS256', 'ES256']) };
};
exports.identitySettings = identitySettings;
/** A subject becomes part of keys and paths, so it keeps to what a user_id may be. */
const usableSubject = /^[A-Za-z0-9_-]{1,100}$/;
const bearer = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;
const clockToleranceSeconds = 5;
const unauthorized = (detail) => ({
    status: 401,
    error: 'UNAUTHORIZED',
    title: 'A valid bearer token is needed',
    detail,
    headers: { 'WWW-Authenticate': 'Bearer' },
});
const subjectNotUsable = {
    status: 403,
    error: 'SUBJECT_NOT_USABLE',
    title: 'This token cannot buy',
    detail: 'The subject must be 1 to 100 characters of A-Z a-z 0-9 _ -.',
};
const keysUnavailable = {
    status: 503,
    error: 'IDENTITY_UNAVAILABLE',
    title: 'Tokens cannot be checked at the moment',
    detail: 'The keys of the issuer cannot be fetched.',
    retryAfterSeconds: 5,
};
const bearerTokenOf = (authorization) => authorization === undefined ? undefined : bearer.exec(authorization)?.[1];
exports.bearerTokenOf = bearerTokenOf;
/** What jose says in words that help an honest client and tell a forger nothing he does not know. */
const problemOf = (error) => {
    if (error instanceof jose_1.errors.JWTExpired)
        return unauthorized('The token has expired.');
    if (error instanceof jose_1.errors.JWTClaimValidationFailed) {
        return unauthorized(`The claim ${error.claim} is missing or not accepted here.`);
    }
    if (error instanceof jose_1.errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC') {
        return unauthorized('The token is not one that this service accepts.');
    }
    return keysUnavailable;
};
const issuerKeys = (url) => {
    const keys = new issuer_keys_1.IssuerKeys((0, issuer_keys_1.fetchKeysFrom)(url));
    void keys.refresh();
    return keys.find;
};
/** `undefined` when the mode is `none`: there is nothing to wait for then. */
const createIdentify = (settings) => {
    if (settings.mode === 'none')
        return undefined;
    const options = {
        issuer: settings.issuer,
        audience: settings.audience,
        algorithms: [...settings.algorithms],
        requiredClaims: ['exp', 'sub'],
        clockTolerance: clockToleranceSeconds,
    };
    const { key } = settings;
    const keys = key.kind === 'jwks'
        ? issuerKeys(key.url)
        : ((secret) => () => Promise.resolve(secret))((0, node_crypto_1.createSecretKey)(Buffer.from(key.secret, 'utf8')));
    return async (authorization) => {
        const token = (0, exports.bearerTokenOf)(authorization);
        if (token === undefined) {
            return { kind: 'refused', problem: unauthorized('Send Authorization: Bearer <token>.') };
        }
        try {
            const { payload } = await (0, jose_1.jwtVerify)(token, keys, options);
            const subject = payload.sub;
            if (subject === undefined || !usableSubject.test(subject)) {
                return { kind: 'refused', problem: subjectNotUsable };
            }
            return { kind: 'buyer', subject };
        }
        catch (error) {
            return { kind: 'refused', problem: problemOf(error) };
        }
    };
};
exports.createIdentify = createIdentify;
const digest = (text) => (0, node_crypto_1.createHash)('sha256').update(text).digest();
const operatorsOff = {
    status: 403,
    error: 'ADMIN_OFF',
    title: 'Operators’ commands are off',
    detail: 'Set ADMIN_TOKEN where this service runs, then send it as a bearer token.',
};
/**
 * Checks an operator's bearer token against the configured one; `undefined`: it is right. Digests of equal length are
 * compared in constant time, so neither the length nor the first wrong character shows in the time it takes.
 */
const operatorFault = (authorization, adminToken) => {
    if (adminToken === undefined)
        return operatorsOff;
    const given = /^Bearer +(.*)$/i.exec(authorization ?? '')?.[1] ?? '';
    const isRight = (0, node_crypto_1.timingSafeEqual)(digest(given), digest(adminToken));
    return isRight ? undefined : unauthorized('Send Authorization: Bearer <ADMIN_TOKEN>.');
};
exports.operatorFault = operatorFault;
//# sourceMappingURL=identity.js.map