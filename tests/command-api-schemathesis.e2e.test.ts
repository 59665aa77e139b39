import { adminToken, startTestCommandApi } from './support/command-api';
import { createDatabase, type TestDatabase } from './support/database';
import { checkWithSchemathesis, describeSchemathesis, schemathesisTimeoutMs } from './support/schemathesis';

let database: TestDatabase;

const fuzz = async (environment: Readonly<Record<string, string>>): Promise<void> => {
  const api = await startTestCommandApi({
    RATE_LIMIT_MAX_REQUESTS: '100000',
    DATABASE_URL: database.url,
    ...environment,
  });
  try {
    await checkWithSchemathesis(api.url, adminToken);
  } finally {
    await api.running.stop();
  }
};

describeSchemathesis('command API', () => {
  beforeAll(async () => {
    database = await createDatabase();
  }, 60_000);
  afterAll(() => database.drop());

  it('finds no undeclared answer', () => fuzz({}), schemathesisTimeoutMs);

  it(
    'finds none while Redis is away either',
    () => fuzz({ REDIS_URL: 'redis://127.0.0.1:1' }),
    schemathesisTimeoutMs,
  );
});
