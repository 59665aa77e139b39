import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Joi from 'joi';
import {
  ConfigError,
  describeSettings,
  duration,
  formatDurationMs,
  parseDurationMs,
  readSettings,
  secret,
} from './config';
import {
  kafkaSettings,
  postgresSettings,
  processSettings,
  redisSettings,
  registrySettings,
} from './settings';

const settings = {
  PORT: Joi.number().port().default(8080).description('HTTP port'),
  TTL: duration().default(600_000).description('How long'),
  ADMIN_TOKEN: secret().description('Bearer token'),
};

const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readSettings(settings, environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

describe('readSettings', () => {
  it('fills in defaults and converts durations to milliseconds', () => {
    expect(readSettings(settings, { TTL: '90s' })).toEqual({ PORT: 8080, TTL: 90_000 });
  });

  it('names every faulty variable at once', () => {
    const problems = problemsOf({ PORT: 'eighty', TTL: 'soon' });
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain('PORT');
    expect(problems[1]).toBe('TTL must be a duration such as 500ms, 30s, 1m or 24h');
  });

  it('takes an empty variable as unset', () => {
    expect(readSettings(settings, { PORT: '' })).toMatchObject({ PORT: 8080 });
  });

  it('reads a secret from the file that NAME_FILE names', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'token');
    writeFileSync(file, 's3cret\n');
    expect(readSettings(settings, { ADMIN_TOKEN_FILE: file })).toMatchObject({ ADMIN_TOKEN: 's3cret' });
  });

  it('names the variable when that file cannot be read', () => {
    expect(problemsOf({ ADMIN_TOKEN_FILE: 'nowhere' })[0]).toContain('ADMIN_TOKEN_FILE cannot be read');
  });

  it('ignores variables that are not ours', () => {
    expect(readSettings(settings, { HOME: 'x' })).not.toHaveProperty('HOME');
  });

  it('freezes what it read', () => {
    expect(Object.isFrozen(readSettings(settings, {}))).toBe(true);
  });
});

describe('parseDurationMs', () => {
  it.each([
    ['250', 250],
    ['500ms', 500],
    ['30s', 30_000],
    ['1m', 60_000],
    ['24h', 86_400_000],
  ])('reads %s', (text, milliseconds) => expect(parseDurationMs(text)).toBe(milliseconds));

  it.each(['', '-1s', '1.5s', '1 day', '1e3'])('refuses %p', (text) =>
    expect(parseDurationMs(text)).toBeUndefined(),
  );
});

describe('the shared settings', () => {
  it('are usable without any variable set', () => {
    const all = {
      ...processSettings(8080),
      ...kafkaSettings,
      ...registrySettings,
      ...redisSettings,
      ...postgresSettings,
    };
    expect(readSettings(all, {})).toMatchObject({
      KAFKA_BROKERS: '127.0.0.1:9092',
      SHUTDOWN_TIMEOUT: 30_000,
      SALE_ID: 'sale',
    });
  });

  it('ask for the SASL user and password when a mechanism is set', () => {
    expect(() => readSettings(kafkaSettings, { KAFKA_SASL_MECHANISM: 'plain' })).toThrow(
      /KAFKA_SASL_USERNAME[^]*KAFKA_SASL_PASSWORD/,
    );
  });

  it('refuse a broker without a port', () => {
    expect(() => readSettings(kafkaSettings, { KAFKA_BROKERS: 'kafka' })).toThrow(
      'KAFKA_BROKERS must be host:port',
    );
  });
});

describe('formatDurationMs', () => {
  it.each([
    [0, '0'],
    [250, '250ms'],
    [30_000, '30s'],
    [60_000, '1m'],
    [90_000, '90s'],
    [86_400_000, '24h'],
  ])('writes %d as %s, which reads back the same', (milliseconds, text) => {
    expect(formatDurationMs(milliseconds)).toBe(text);
    expect(parseDurationMs(text)).toBe(milliseconds);
  });
});

describe('describeSettings', () => {
  it('gives name, default and description of each setting, and marks secrets', () => {
    expect(describeSettings(settings)).toEqual([
      { name: 'PORT', default: '8080', description: 'HTTP port', secret: false },
      { name: 'TTL', default: '10m', description: 'How long', secret: false },
      { name: 'ADMIN_TOKEN', default: 'unset', description: 'Bearer token', secret: true },
    ]);
  });
});
