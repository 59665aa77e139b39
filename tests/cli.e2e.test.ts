import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '../bench/demo/client';
import { parkLetters } from './console/park-letters';
import { cliEnvironment, runCli, type CliOptions, type CliRun } from './support/cli';
import { eventually } from './support/eventually';
import { startSystem, type TestSystem } from './support/system';
import { temporaryFolder } from './support/temporary-folder';

let system: TestSystem;
let commands: Client;
const shoe = `shoe-${randomUUID().slice(0, 8)}`;

const cli = (args: readonly string[], options: CliOptions = {}): Promise<CliRun> =>
  runCli(args, { environment: cliEnvironment(system), ...options });

const json = async (...args: string[]): Promise<Record<string, unknown>> => {
  const { out } = await cli([...args, '--json']);
  return JSON.parse(out) as Record<string, unknown>;
};

const buy = async (amount: number): Promise<string> => {
  const requestId = randomUUID();
  const body = { user_id: 'ann', item_id: shoe, amount, request_id: requestId };
  expect(await commands.post('/commands/buy', body)).toMatchObject({ status: 202 });
  return requestId;
};

beforeAll(async () => {
  system = await startSystem({ PAYMENT_DECLINE_RATE: '0' });
  commands = new Client(system.commandUrl, 16);
}, 180_000);

afterAll(async () => {
  commands.close();
  await system.stop();
}, 60_000);

describe('flash-sale', () => {
  it('status says that all is well, and of what', async () => {
    // A process that has just started has not asked everything it depends on.
    await eventually(async () => expect((await cli(['status'])).code).toBe(0), { withinMs: 20_000 });
    const { out } = await cli(['status']);
    expect(out).toMatch(/command-api +up/);
    expect(out).toMatch(/stock store +open/);
    expect(await json('status')).toMatchObject({ is_well: true, figures: { breaker: 'closed' } });
  });

  it('stock add puts an event into the log, and once for one command id', async () => {
    const id = randomUUID();
    const add = ['stock', 'add', shoe, '10', '-r', 'first delivery', '--command-id', id];
    expect(await cli(add)).toMatchObject({ code: 0, out: expect.stringContaining('stock-adjustments:') });
    expect((await cli(add)).code).toBe(0);
    await eventually(async () => expect(await json('stock', 'show', shoe)).toMatchObject({ stocked: 10 }));
    expect((await cli(['stock', 'show'])).out).toContain(shoe);
  });

  it('stock limit is obeyed by the next order', async () => {
    expect((await cli(['stock', 'limit', shoe, '4', '-r', 'fair shares'])).code).toBe(0);
    await eventually(async () => expect(await json('stock', 'show', shoe)).toMatchObject({ buyer_limit: 4 }));
    const { out } = await cli(['order', await buy(5), '--wait', '20s']);
    expect(out).toContain('FAILED_LIMIT_EXCEEDED');
  });

  it('order draws the timeline with places in the log', async () => {
    const { code, out } = await cli(['order', await buy(2), '--wait', '20s']);
    expect(code).toBe(0);
    expect(out).toContain('COMPLETED');
    expect(out).toMatch(/\* {2}OrderRequested {2}order-requests:\d+:\d+/);
    expect(out).toMatch(/\* {2}OrderCompleted {2}order-outcomes:\d+:\d+/);
    expect(out).not.toMatch(/\u001b/);
  });

  it('says no with 1 to an order that nobody placed', async () => {
    expect(await cli(['order', randomUUID()])).toMatchObject({ code: 1, out: '' });
  });

  it('takes the token from a file, and says with 2 that it has none', async () => {
    const add = ['stock', 'add', shoe, '1', '-r', 'test'];
    const without = { ...cliEnvironment(system), ADMIN_TOKEN: undefined };
    const refused = await cli(add, { environment: without });
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('--token-file') });
    const file = join(temporaryFolder(), 'token');
    writeFileSync(file, `${system.adminToken}\n`);
    expect((await cli([...add, '--token-file', file], { environment: without })).code).toBe(0);
  });

  it('says 64 for what it does not know, and 2 where nothing answers', async () => {
    expect((await cli(['stock', 'add', shoe, 'many', '-r', 'test'])).code).toBe(64);
    expect((await cli(['sell'])).code).toBe(64);
    expect((await cli(['stock', 'show', '--query-api', 'http://127.0.0.1:9'])).code).toBe(2);
  });

  it('top --once shows one picture, top --json one line a second', async () => {
    const { code, out, err } = await cli(['top', '--once']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(shoe);
    expect(out).toMatch(/accepted\/s/);
    expect(await cli(['top'])).toMatchObject({ code: 2, err: expect.stringContaining('--once') });
  });

  it('sale pause stops an item and sale resume goes on; show says which', async () => {
    expect((await cli(['sale', 'pause', shoe, '-r', 'test'])).code).toBe(0);
    await eventually(async () =>
      expect(await json('sale', 'show', shoe)).toMatchObject({ sale: { state: 'PAUSED' } }),
    );
    expect((await cli(['sale', 'resume', shoe, '-r', 'test'])).code).toBe(0);
    await eventually(async () => expect((await cli(['sale', 'show', shoe])).out).toContain('OPEN'));
    expect((await cli(['sale', 'schedule', shoe, '--opens-at', 'soon', '-r', 'test'])).code).toBe(64);
  });

  it('dlq lists and counts letters, and redrives only what was named in one way', async () => {
    expect(await cli(['dlq', 'list'])).toMatchObject({ code: 0, out: 'No letter.\n' });
    expect(await json('dlq', 'groups')).toEqual({ groups: [] });
    expect((await cli(['dlq', 'show', 'order-requests:0:99'])).code).toBe(1);
    expect((await cli(['dlq', 'redrive'])).code).toBe(64);
    expect((await cli(['dlq', 'redrive', '--all', '--reason', 'UNDECODABLE'])).code).toBe(64);
    expect((await cli(['dlq', 'redrive', '--all', '--dry-run'])).code).toBe(0);
  });

  it('dlq shows letters, tries exactly those of a dry run, and puts one aside', async () => {
    await parkLetters(system, { requestId: randomUUID(), itemId: shoe });
    await eventually(async () => expect((await json('dlq', 'list'))['letters']).toHaveLength(2), {
      withinMs: 30_000,
    });
    const { out: listed } = await cli(['dlq', 'list']);
    const [id = ''] = /order-requests:1:\d+/.exec(listed) ?? [];
    expect(listed).toMatch(/order-requests:1:\d+ +PARKED +NOT_FRAMED/);
    const { out: planned } = await cli(['dlq', 'redrive', '--all', '--dry-run']);
    expect(planned).toContain('2 letters, and nothing was done:\n  1 would be processed again');
    expect(planned).toContain('  1 would fail again');
    const [, planId = ''] = /--plan (\S+)/.exec(planned) ?? [];
    const followed = await cli(['dlq', 'redrive', '--plan', planId, '--actor', 'ada']);
    expect(followed).toMatchObject({ code: 0, out: expect.stringMatching(/: DONE, 2 of 2 letters tried/) });
    expect(followed.err).toMatch(/ of 2 letters /);
    const discard = ['dlq', 'discard', id, '--note', 'test traffic', '--no-wait'];
    await eventually(async () =>
      expect(await cli(discard)).toMatchObject({ code: 0, out: expect.stringMatching(/^accepted: 1 /) }),
    );
    await eventually(async () => expect((await cli(['dlq', 'show', id])).out).toMatch(/state +DISCARDED/));
    expect((await cli(['dlq', 'show', id])).out).toMatch(/REDRIVE by ada: FAILED_AGAIN/);
  }, 90_000);

  it('orders lists what waits for its outcome, and says with 0 that nothing does', async () => {
    await cli(['order', await buy(1), '--wait', '20s']);
    await eventually(async () =>
      expect(await cli(['orders', '--older-than', '0s'])).toMatchObject({ code: 0, out: 'No order.\n' }),
    );
    expect((await cli(['orders', '--older-than', 'long'])).code).toBe(64);
  });

  it('replay rebuilds a view and names what it did', async () => {
    const { code, out } = await cli(['replay', 'run', 'orders']);
    expect(out).toContain('switched');
    expect(code).toBe(0);
    expect(await json('replay', 'status', 'orders')).toMatchObject({ state: 'SWITCHED' });
    expect((await cli(['replay', 'drop', 'orders'])).code).toBe(0);
    expect((await cli(['replay', 'switch', 'orders'])).code).toBe(1);
    expect((await cli(['replay', 'run', 'everything'])).code).toBe(64);
  });
});
