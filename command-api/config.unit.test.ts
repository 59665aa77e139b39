import type { ConfigError } from '../chassis/config';
import { identitySettings } from '../chassis/http/identity';
import { readConfig } from './config';

const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
};

describe('the environment', () => {
  it('may be empty: a demo runs with the defaults that the interface names', () => {
    expect(readConfig({})).toMatchObject({
      PORT: 8080,
      RATE_LIMIT_MAX_REQUESTS: 60,
      RATE_LIMIT_WINDOW: 60_000,
      CIRCUIT_BREAKER_FAILURE_THRESHOLD: 5,
      CIRCUIT_BREAKER_SUCCESS_THRESHOLD: 2,
      CIRCUIT_BREAKER_BASE_TIMEOUT: 30_000,
      CIRCUIT_BREAKER_MAX_TIMEOUT: 300_000,
      IDEMPOTENCY_TTL: 600_000,
      SHUTDOWN_TIMEOUT: 30_000,
      AUTH_MODE: 'none',
    });
  });

  it('is told all of its faults at once', () => {
    const problems = problemsOf({ PORT: 'x', RATE_LIMIT_WINDOW: '1 week', IN_FLIGHT_MAX: '0' });
    expect(problems).toHaveLength(3);
    for (const name of ['PORT', 'RATE_LIMIT_WINDOW', 'IN_FLIGHT_MAX']) {
      expect(problems.join('\n')).toContain(name);
    }
  });

  it.each([
    ['RATE_LIMIT_WINDOW', '0'],
    ['RATE_LIMIT_WINDOW', '999999h'],
    ['IDEMPOTENCY_TTL', '0s'],
    ['IDEMPOTENCY_TTL', '999999999999'],
    ['CIRCUIT_BREAKER_BASE_TIMEOUT', '0'],
    ['CIRCUIT_BREAKER_MAX_TIMEOUT', '29s'],
  ])('%s=%s is refused: nothing works with it', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringContaining(name)]);
  });

  it('may hold a breaker whose pauses do not grow', () => {
    const pauses = { CIRCUIT_BREAKER_BASE_TIMEOUT: '2s', CIRCUIT_BREAKER_MAX_TIMEOUT: '2s' };
    expect(problemsOf(pauses)).toEqual([]);
  });

  it('must say how tokens are checked when buyers carry them', () => {
    const problems = problemsOf({ AUTH_MODE: 'jwt' }).join('\n');
    for (const name of ['JWT_SECRET', 'JWT_ISSUER', 'JWT_AUDIENCE']) expect(problems).toContain(name);
    const issued = { AUTH_MODE: 'jwt', JWT_ISSUER: 'shop', JWT_AUDIENCE: 'buy' };
    expect(problemsOf({ ...issued, JWT_SECRET: 'short' })).toHaveLength(1);
    expect(problemsOf({ ...issued, JWT_SECRET: 's'.repeat(32) })).toEqual([]);
    expect(problemsOf({ ...issued, JWT_JWKS_URL: 'https://issuer.example/keys' })).toEqual([]);
  });

  it('pins the algorithms to the kind of key', () => {
    const issued = { AUTH_MODE: 'jwt', JWT_ISSUER: 'shop', JWT_AUDIENCE: 'buy' };
    const algorithms = (more: Record<string, string>): unknown => {
      const settings = identitySettings(readConfig({ ...issued, ...more }));
      return settings.mode === 'jwt' && settings.algorithms;
    };
    expect(algorithms({ JWT_SECRET: 's'.repeat(32) })).toEqual(['HS256']);
    expect(algorithms({ JWT_JWKS_URL: 'https://issuer.example/keys' })).toEqual(['RS256', 'ES256']);
    expect(algorithms({ JWT_SECRET: 's'.repeat(32), JWT_ALGORITHMS: 'HS512' })).toEqual(['HS512']);
    expect(problemsOf({ ...issued, JWT_SECRET: 's'.repeat(32), JWT_ALGORITHMS: 'none' })).toHaveLength(1);
  });

  it('names the console by an origin alone: a path or a list would admit nobody', () => {
    expect(readConfig({ CONSOLE_ORIGIN: 'https://console.example:8443' }).CONSOLE_ORIGIN).toBeDefined();
    expect(readConfig({}).CONSOLE_ORIGIN).toBeUndefined();
    for (const text of [
      '*',
      'https://a.example/',
      'https://a.example,https://b.example',
      'ftp://a.example',
      'a"b',
    ]) {
      expect(problemsOf({ CONSOLE_ORIGIN: text }).join()).toContain('CONSOLE_ORIGIN must be an origin');
    }
  });
});
