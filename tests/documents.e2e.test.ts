import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../stack/project-root';
import { commandsOf } from './documents/commands';
import { documents } from './documents/documents';
import { notRun } from './documents/not-run';
import { eventually } from './support/eventually';
import { startSystem, type TestSystem } from './support/system';
import { temporaryFolder } from './support/temporary-folder';

const run = promisify(execFile);
const root = projectRoot();

const commands = documents
  .flatMap((document) => commandsOf(document, readFileSync(join(root, document), 'utf8')))
  .filter(({ command }) => !notRun.some(({ pattern }) => pattern.test(command)))
  .filter(({ command }, index, all) => all.findIndex((other) => other.command === command) === index);

let system: TestSystem;
let environment: NodeJS.ProcessEnv;
const orderId = randomUUID();

beforeAll(async () => {
  system = await startSystem({ PAYMENT_DECLINE_RATE: '0' });
  const variables = {
    ...system.infrastructure.variables,
    COMMAND_API_URL: system.commandUrl,
    QUERY_API_URL: system.queryUrl,
    SAGA_URL: system.process('saga').url,
    PROJECTOR_URL: system.process('projector').url,
    PAYMENT_JOURNAL_URL: system.journalUrl,
    ADMIN_TOKEN: system.adminToken,
  };
  const file = join(temporaryFolder(), 'variables.env');
  const lines = Object.entries(variables).map(([name, value]) => `${name}='${value}'\n`);
  writeFileSync(file, lines.join(''));
  // Make hands a variable of its command line on in MAKEFLAGS, whichever way a document calls it.
  environment = { ...process.env, ...variables, MAKEFLAGS: `VARIABLES=${file}` };
  await run('make', ['seed'], { cwd: root, env: environment });
  const body = { user_id: 'ann', item_id: 'poster', amount: 1, request_id: orderId };
  const headers = { 'Content-Type': 'application/json' };
  await fetch(`${system.commandUrl}/commands/buy`, { method: 'POST', headers, body: JSON.stringify(body) });
  await fetch(`${system.queryUrl}/orders/${orderId}?wait=20s`);
  // `npx flash-sale status` says no while a process has not heard from everything it depends on.
  const urls = [
    variables.COMMAND_API_URL,
    variables.QUERY_API_URL,
    variables.SAGA_URL,
    variables.PROJECTOR_URL,
  ];
  await eventually(
    async () => {
      for (const url of urls) expect((await fetch(`${url}/health`)).status).toBe(200);
    },
    { withinMs: 60_000 },
  );
}, 180_000);

afterAll(() => system.stop(), 60_000);

/** With this run's addresses, and with things that exist in place of a document's placeholders. */
const asTyped = (command: string): string =>
  command
    .replaceAll(/(?:http:\/\/)?(?:localhost|127\.0\.0\.1):8080/g, system.commandUrl)
    .replaceAll(/(?:http:\/\/)?(?:localhost|127\.0\.0\.1):8090/g, system.queryUrl)
    .replace(/ITEM=\S+/, 'ITEM=poster')
    .replace(/QTY=\S+/, 'QTY=5')
    .replace(/ID=\S+/, `ID=${orderId}`)
    .replace(/(?<=flash-sale order )x$/, orderId)
    .replace(/(?<=flash-sale stock show )x$/, 'poster')
    .replace(/<(?:request_id|order)>/, orderId);

it.each(commands)(
  '$document: $command',
  async ({ command }) => {
    const type = async (): Promise<void> => {
      const options = { cwd: root, env: environment, timeout: 240_000 };
      const { stdout } = await run('bash', ['-o', 'pipefail', '-c', asTyped(command)], options);
      expect(stdout).not.toBe('');
    };
    // A status is of this moment, and on a busy machine a dependency may answer late in it.
    await (command.endsWith('flash-sale status') ? eventually(type, { withinMs: 60_000 }) : type());
  },
  250_000,
);
