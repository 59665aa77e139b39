// Asks npm's registry whether a locked runtime package has a known vulnerability.
// Exit codes: 0 none known, 1 some, 2 nobody could be asked.
import { spawnSync } from 'node:child_process';

const run = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
});

const report = () => {
  try {
    return JSON.parse(run.stdout);
  } catch {
    return undefined;
  }
};

const found = report();
if (found?.metadata?.vulnerabilities === undefined) {
  const [why = 'no answer'] = [found?.message, found?.error?.summary, ...run.stderr.split('\n')].filter(
    Boolean,
  );
  console.error(`The registry could not be asked, so nothing is known about vulnerabilities: ${why}`);
  process.exit(2);
}

for (const { name, severity, range } of Object.values(found.vulnerabilities)) {
  console.log(`${severity.padEnd(9)} ${name} ${range}`);
}
const { total } = found.metadata.vulnerabilities;
console.log(`${total} known vulnerabilities in ${found.metadata.dependencies.prod} runtime packages`);
process.exit(total > 0 ? 1 : 0);
