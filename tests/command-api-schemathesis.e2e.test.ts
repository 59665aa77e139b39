import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../stack/project-root';
import { adminToken, startTestCommandApi } from './support/command-api';
import { deployTestContracts } from './support/contracts';

const servers = {
  KAFKA_BROKERS: process.env['KAFKA_BROKERS'] ?? '',
  SCHEMA_REGISTRY_URL: process.env['SCHEMA_REGISTRY_URL'] ?? '',
};
const config = join(projectRoot(), 'tests', 'support', 'schemathesis.toml');
const run = promisify(execFile);

/** Few in `make test`; 500 an operation, as a release should be checked, take some minutes. */
const examples = process.env['SCHEMATHESIS_EXAMPLES'] ?? '20';
const isInstalled = spawnSync('schemathesis', ['--version']).status === 0;
const whenInstalled = isInstalled ? describe : describe.skip;

const fuzz = async (environment: Readonly<Record<string, string>>): Promise<void> => {
  const api = await startTestCommandApi({ RATE_LIMIT_MAX_REQUESTS: '100000', ...environment });
  const args = ['--config-file', config, 'run', `${api.url}/openapi.json`, '--max-examples', examples];
  try {
    await run('schemathesis', [
      ...args,
      ...['--phases', 'examples,coverage,fuzzing', '-H', `Authorization: Bearer ${adminToken}`],
    ]);
  } catch (error) {
    throw new Error(String((error as { readonly stdout?: string }).stdout ?? error), { cause: error });
  } finally {
    await api.running.stop();
  }
};

whenInstalled('schemathesis (skipped unless `pip install schemathesis` put it on the PATH)', () => {
  beforeAll(() => deployTestContracts(servers), 60_000);

  it('finds no undeclared answer', () => fuzz({}), 600_000);

  it('finds none while Redis is away either', () => fuzz({ REDIS_URL: 'redis://127.0.0.1:1' }), 600_000);
});
