import { readConfig } from './config';

const needed = { KAFKA_BROKERS: 'localhost:9092', SCHEMA_REGISTRY_URL: 'http://localhost:8081' };

const faultsOf = (environment: Readonly<Record<string, string | undefined>>): string => {
  try {
    readConfig({ ...needed, ...environment });
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('the memory of decisions', () => {
  it.each([{}, { HORIZON: '1m', RECORD_TTL: '2m' }, { HORIZON: '24h', RECORD_TTL: '48h' }])(
    'is taken at twice the horizon: %j',
    (environment) => expect(faultsOf(environment)).toBe('none'),
  );

  it.each([
    [{ HORIZON: '1m', RECORD_TTL: '119999ms' }, 'RECORD_TTL (119999ms) must be at least twice HORIZON (1m)'],
    [{ RECORD_TTL: '1s' }, 'RECORD_TTL (1s) must be at least twice HORIZON (24h)'],
    [{ HORIZON: '25h' }, 'RECORD_TTL (48h) must be at least twice HORIZON (25h)'],
  ])('is refused below that, with both settings by name: %j', (environment, fault) =>
    expect(faultsOf(environment)).toContain(fault),
  );
});

test('a payment budget that would pass for a stalled partition is refused', () => {
  expect(faultsOf({ PAYMENT_BUDGET: '10s' })).toBe('none');
  expect(faultsOf({ PAYMENT_BUDGET: '10001ms' })).toContain('PAYMENT_BUDGET must be no longer than 10s');
});
