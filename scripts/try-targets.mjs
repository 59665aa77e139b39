// Types the targets that start, stop and remove a stack, each in turn, in a copy of this checkout on ports of its own.
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const logsTimeoutMs = 20_000;
const portNames = [
  'COMMAND_API',
  'QUERY_API',
  'SAGA',
  'PROJECTOR',
  'PAYMENT_SIMULATOR',
  'KAFKA',
  'SCHEMA_REGISTRY',
];
portNames.push('REDIS', 'POSTGRES');

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const copyCheckout = (to) => {
  const { stdout } = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  });
  for (const file of stdout.split('\n').filter((name) => name !== '' && existsSync(name))) {
    mkdirSync(join(to, dirname(file)), { recursive: true });
    cpSync(file, join(to, file));
  }
  symlinkSync(join(process.cwd(), 'node_modules'), join(to, 'node_modules'));
};

const folder = mkdtempSync(join(tmpdir(), 'flash-sale-targets-'));
const environment = { ...process.env, STACK: 'local' };
for (const name of portNames) environment[`${name}_PORT`] = String(await freePort());
// What this make has told its children is about the checkout and not about the copy.
for (const name of ['MAKEFLAGS', 'MAKELEVEL', 'MFLAGS', 'KAFKA_BROKERS', 'DATABASE_URL', 'REDIS_URL'])
  delete environment[name];
const options = { cwd: folder, env: environment, encoding: 'utf8' };
const make = (words) => {
  const { status, stdout, stderr } = spawnSync('make', words.split(' '), options);
  return { status, text: stdout + stderr };
};

/** `make logs` goes on until somebody ends it. */
const followLogs = () =>
  new Promise((resolve) => {
    const child = spawn('make', ['logs'], { ...options, detached: true });
    let text = '';
    const end = () => process.kill(-child.pid, 'SIGINT');
    const timer = setTimeout(end, logsTimeoutMs);
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
      if (text.includes('"service":"saga"')) end();
    });
    child.once('close', () => {
      clearTimeout(timer);
      resolve({ status: 0, text });
    });
  });

/** By the group of each process: a session begins with one, and nothing in the stack makes another. */
const countSessions = () => {
  const run = join(folder, '.stack', 'run');
  const records = readdirSync(run).filter((name) => name.endsWith('.json'));
  const pids = records.map((name) => JSON.parse(readFileSync(join(run, name), 'utf8')).pid);
  const { status, stdout } = spawnSync('ps', ['-o', 'pgid=', '-p', pids.join(',')], { encoding: 'utf8' });
  const sessions = new Set(stdout.trim().split(/\s+/)).size;
  return { status, text: `${pids.length} processes, sessions: ${sessions}` };
};

const missing = (path) => ({ status: existsSync(join(folder, path)) ? 1 : 0, text: path });
const steps = [
  ['up', /^Up in /m],
  ['up', /Already running/],
  ['ps', /command-api .*ready/],
  ['up (all of it shares a session)', /^10 processes, sessions: 1$/, countSessions],
  ['logs', /"service":"saga"/, followLogs],
  ['seed', /\+500 sneaker-red/],
  ['seed-item ITEM=cap QTY=5', /accepted: in the log at stock-adjustments/],
  ['dlq', /No letter/],
  ['console', /\/console/],
  ['restart', /^Up in /m],
  ['inventory ITEM=cap', /^cap .* 5 .*OPEN/m],
  ['demo', /✓ {2}nothing is oversold/],
  ['test-refusals', /after close: 410/],
  ['reconcile', /clean/],
  ['down', /kafka stopped/],
  ['down', /Nothing is running/],
  ['clean', /Removed data and logs/],
  ['clean (nothing compiled is left)', /dist/, () => missing('dist')],
  ['rebuild', /Compiling/],
];

let failed = 0;
try {
  copyCheckout(folder);
  for (const [what, expected, run = () => make(what)] of steps) {
    const startedAtMs = performance.now();
    const { status, text } = await run();
    const isWell = status === 0 && expected.test(text);
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
    console.log(`${isWell ? '✓' : '✗'}  make ${what}  ${seconds} s`);
    if (isWell) continue;
    failed += 1;
    console.log(`exit code ${status}, expected ${expected} in:\n${text.slice(-2_000)}`);
  }
} finally {
  make('down');
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${steps.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
