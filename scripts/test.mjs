// Runs every check and test, or the named ones: lint unit simulate int e2e. The last line is `N passed, N failed`, summed over
// all test runs; the exit code is 1 when a test, a check or a run as a whole failed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bin = (name) => join('node_modules', '.bin', name);
const secondsSince = (startedAtMs) => Math.round((performance.now() - startedAtMs) / 1000);

// A run that hangs, for example on a handle that a test leaked, must end before the CI's patience does.
const timeoutMs = 40 * 60_000;

const step = (name, command, args) => {
  console.log(`\n== ${name}`);
  const startedAtMs = performance.now();
  const run = spawnSync(command, args, { stdio: 'inherit', timeout: timeoutMs, killSignal: 'SIGTERM' });
  const ok = run.status === 0;
  const how = run.error ? ` (${run.error.message})` : '';
  console.log(`-- ${name}: ${ok ? 'ok' : `FAILED${how}`} after ${secondsSince(startedAtMs)} s`);
  return ok;
};

const lint = () =>
  [
    step('types', bin('tsc'), ['--noEmit']),
    step('eslint', bin('eslint'), ['.', '--max-warnings', '0']),
    step('prettier', bin('prettier'), ['--check', '.', '--log-level', 'warn']),
  ].every(Boolean);

const counts = { passed: 0, failed: 0, skipped: 0 };

/** One jest run; int and e2e share one, and so one set of servers. */
const jest = (projects, more = []) => {
  const folder = mkdtempSync(join(tmpdir(), 'flash-sale-results-'));
  const file = join(folder, 'results.json');
  const json = ['--json', `--outputFile=${file}`];
  try {
    const ok = step(`${projects.join(' and ')} tests`, bin('jest'), [
      ...json,
      // All is judged and the servers are stopped by then: a connection that a failed test left open must not hold the run.
      '--forceExit',
      ...more,
      '--selectProjects',
      ...projects,
    ]);
    const results = JSON.parse(readFileSync(file, 'utf8'));
    counts.passed += results.numPassedTests;
    // A file that does not even load has no tests to fail.
    counts.failed += results.numFailedTests + results.numRuntimeErrorTestSuites;
    counts.skipped += results.numPendingTests;
    return ok;
  } catch (error) {
    console.error(`No results of the ${projects.join(' and ')} tests: ${error.message}`);
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The saga's own code under simulated faults, on all cores: 20,000 seeds take 7 ms of one core each. */
const simulate = () => {
  const ok = step('20,000 simulated runs', process.execPath, ['dist/saga/simulation/main.js', '20000']);
  counts[ok ? 'passed' : 'failed'] += 1;
  return ok;
};

const asked = process.argv.slice(2);
const all = asked.length === 0;
const wants = (name) => all || asked.includes(name);
const kinds = ['lint', 'unit', 'simulate', 'int', 'e2e'];
const unknown = asked.filter((name) => !kinds.includes(name));
if (unknown.length > 0) {
  console.error(`There are no ${unknown.join(', ')} tests: ${kinds.join(', ')}.`);
  process.exit(64);
}

const startedAtMs = performance.now();
const outcomes = [];
if (wants('lint')) outcomes.push(lint());
if (wants('unit')) outcomes.push(jest(['unit'], ['--maxWorkers=2']));
if (wants('simulate')) outcomes.push(simulate());
const onServers = ['int', 'e2e'].filter(wants);
// Two files at a time: they mostly wait for servers, and one alone leaves half of two cores idle.
if (onServers.length > 0) outcomes.push(jest(onServers, ['--maxWorkers=2']));

const ok = outcomes.every(Boolean) && counts.failed === 0;
console.log(`\n${ok ? 'All is well' : 'FAILED'} after ${secondsSince(startedAtMs)} s`);
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
if (asked.join() !== 'lint') console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
process.exitCode = ok ? 0 : 1;
