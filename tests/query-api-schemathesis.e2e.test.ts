import { readConfig } from '../query-api/config';
import { start } from '../query-api/start';
import { createDatabase, type TestDatabase } from './support/database';
import { checkWithSchemathesis, describeSchemathesis, schemathesisTimeoutMs } from './support/schemathesis';

const adminToken = 'token-of-the-test';
let database: TestDatabase;

const fuzz = async (environment: Readonly<Record<string, string>>): Promise<void> => {
  const api = await start(
    readConfig({
      ...process.env,
      DATABASE_URL: database.url,
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'error',
      DRAIN_GRACE: '0ms',
      ADMIN_TOKEN: adminToken,
      ...environment,
    }),
  );
  try {
    // Ids of orders and commands that are not there are waited for, 2 s each, in case the projector is just reading them.
    await checkWithSchemathesis(api.url, adminToken, '^/(admin/redrives|orders)/');
  } finally {
    await api.stop();
  }
};

describeSchemathesis('query API', () => {
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
