// Runs `npm ci` unless node_modules already holds exactly what package-lock.json names: a second `make` costs nothing.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const oldestNode = [20, 19];

const readPackages = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
};

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
  console.error(`Node ${process.versions.node} is too old: install Node ${oldestNode.join('.')} or newer.`);
  process.exit(1);
}

const wanted = readPackages('package-lock.json') ?? {};
const installed = readPackages('node_modules/.package-lock.json');
// Optional packages are for other systems, and npm leaves them out.
const upToDate =
  installed !== undefined &&
  Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || installed[path]?.version === version || (optional && !installed[path]),
  );

if (!upToDate) {
  console.log('Installing packages');
  const run = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: 'inherit' });
  if (run.error) console.error(`npm cannot be run: ${run.error.message}`);
  process.exit(run.status ?? 1);
}
