import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kafkaConnection } from '../chassis/kafka/connection';
import { createLogProducer } from '../chassis/kafka/producer';
import { topics } from '../schemas/topics';
import { projectRoot } from '../stack/project-root';
import { commandsOf } from './documents/commands';
import { documents } from './documents/documents';
import { notRun } from './documents/not-run';
import { asTyped } from './documents/placeholders';
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
let letterGroup = '';

/** A record that is no event, and the group of letters that it makes. */
const buryPoison = async (): Promise<string> => {
  const brokers = system.infrastructure.variables.KAFKA_BROKERS.split(',');
  const producer = await createLogProducer(kafkaConnection({ brokers, clientId: 'test' }));
  await producer.send({
    topic: topics.orderRequests.name,
    key: randomUUID(),
    value: Buffer.from('x'),
    headers: {},
  });
  await producer.stop(1_000);
  return eventually(
    async () => {
      const headers = { authorization: `Bearer ${system.adminToken}` };
      const answer = await fetch(`${system.queryUrl}/admin/dlq/groups`, { headers });
      const { groups } = (await answer.json()) as { readonly groups: readonly { readonly group: string }[] };
      expect(groups).toHaveLength(1);
      return groups[0]?.group ?? '';
    },
    { withinMs: 60_000 },
  );
};

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
  letterGroup = await buryPoison();
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

/** curl alone is content with a 404. */
const failing = (command: string): string => command.replaceAll(/\bcurl -s\b/g, 'curl -s --fail-with-body');

/** Of an order, where a document shows one. */
const statusIn = (text: string): string | undefined => /"status":"(\w+)"/.exec(text)?.[1];

it.each(commands)(
  '$document: $command',
  async ({ command: written, answer }) => {
    const command = failing(written);
    const given = {
      commandUrl: system.commandUrl,
      queryUrl: system.queryUrl,
      orderId,
      itemId: 'poster',
      nextItemId: () => `item-${randomUUID()}`,
      letterGroup,
    };
    const type = async (): Promise<void> => {
      const options = { cwd: root, env: environment, timeout: 240_000 };
      const { stdout } = await run('bash', ['-o', 'pipefail', '-c', asTyped(command, given)], options);
      expect(stdout).not.toBe('');
      expect(statusIn(stdout)).toBe(answer === undefined ? statusIn(stdout) : statusIn(answer));
    };
    // A status is of this moment, and on a busy machine a dependency may answer late in it.
    await (command.endsWith('flash-sale status') ? eventually(type, { withinMs: 60_000 }) : type());
  },
  250_000,
);
