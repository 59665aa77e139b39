import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../stack/project-root';

const config = join(projectRoot(), 'tests', 'support', 'schemathesis.toml');
const run = promisify(execFile);

/** Few in `make test`; 500 an operation, as a release should be checked, take some minutes. */
const examples = process.env['SCHEMATHESIS_EXAMPLES'];
const fewExamples = '10';
/** Some of the paths only: 500 examples of all take longer than one may want to wait. */
const paths = process.env['SCHEMATHESIS_PATHS'];

/** At 500 examples an operation, on two cores that have other work. */
export const schemathesisTimeoutMs = 20 * 60_000;

/** The version that the results in docs/TESTING.md are of; others may ask for more. */
const install = 'pip install schemathesis==4.32.5';

const isInstalled = spawnSync('schemathesis', ['--version']).status === 0;

/** Declares the tests of an API; without the tool they are skipped, and their name says how to get it. */
export const describeSchemathesis = (api: string, tests: () => void): void =>
  (isInstalled ? describe : describe.skip)(`schemathesis and the ${api} (skipped unless: ${install})`, tests);

/**
 * Asks an API for what its own `/openapi.json` describes, and for what it forbids.
 * @param slowPaths left out when few examples are asked for: an expression for paths whose answers take seconds.
 * @throws with the tool's report.
 */
export const checkWithSchemathesis = async (
  url: string,
  token: string,
  slowPaths?: string,
): Promise<void> => {
  const count = ['--max-examples', examples ?? fewExamples];
  const args = ['--config-file', config, 'run', `${url}/openapi.json`, ...count];
  const skipped =
    examples === undefined && slowPaths !== undefined ? ['--exclude-path-regex', slowPaths] : [];
  const options = ['--phases', 'examples,coverage,fuzzing', '-H', `Authorization: Bearer ${token}`];
  const some = paths === undefined ? [] : ['--include-path-regex', paths];
  try {
    await run('schemathesis', [...args, ...options, ...some, ...skipped], { maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    throw new Error(String((error as { readonly stdout?: string }).stdout ?? error), { cause: error });
  }
};
