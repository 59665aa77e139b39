import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { Client } from '../bench/demo/client';
import { hasBrowser, openBrowser, openPage } from './console/browser';
import { readFacts } from './console/log-facts';
import { readShown } from './console/shown';
import { liesOf } from './console/truth';
import { watchSale } from './console/watch-sale';
import { eventually } from './support/eventually';
import { startSystem, type TestSystem } from './support/system';

(hasBrowser ? describe : describe.skip)('the console in a browser', () => {
  let system: TestSystem;
  let commands: Client;
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];
  const shoe = `shoe-${randomUUID().slice(0, 8)}`;

  const text = (selector: string): Promise<string> => page.locator(selector).innerText();
  const order = async (path: string, body: object): Promise<void> => {
    const headers = { Authorization: `Bearer ${system.adminToken}` };
    const answer = await commands.post(path, { ...body, command_id: randomUUID() }, headers);
    expect(answer).toMatchObject({ status: 202 });
  };
  const stock = (item_id: string, delta: number) =>
    order('/commands/adjust-stock', { item_id, delta, reason: 'test' });
  const buy = async (amount: number): Promise<string> => {
    const requestId = randomUUID();
    const body = { user_id: 'ann', item_id: shoe, amount, request_id: requestId };
    expect(await commands.post('/commands/buy', body)).toMatchObject({ status: 202 });
    return requestId;
  };

  beforeAll(async () => {
    system = await startSystem((url) => ({
      PAYMENT_DECLINE_RATE: '0',
      COMMAND_API_URL: url('command-api'),
      SAGA_URL: url('saga'),
      PROJECTOR_URL: url('projector'),
      // Long enough to be seen open, short enough to be seen closing again.
      CIRCUIT_BREAKER_BASE_TIMEOUT: '3s',
      CIRCUIT_BREAKER_MAX_TIMEOUT: '5s',
    }));
    commands = new Client(system.commandUrl, 16);
    browser = await openBrowser();
    page = await openPage(browser, faults);
    await stock(shoe, 10);
    await page.goto(`${system.queryUrl}/console`);
  }, 180_000);

  afterAll(async () => {
    await browser.close();
    commands.close();
    await system.stop();
  }, 60_000);

  it('shows the values that the API gives', async () => {
    await buy(3);
    await eventually(async () => expect(await text('#items')).toMatch(/7 left\s+3 of 10 sold$/));
    // Not before: orders of two partitions are decided in either order, and the 8 could win.
    await buy(8);
    const answer = await fetch(`${system.queryUrl}/items/${shoe}`);
    expect(await answer.json()).toMatchObject({ stocked: 10, sold: 3, available: 7 });
    expect(await text('#oversold b')).toBe('0');
    await eventually(async () => expect(await text('#rate-legend')).toContain('sold out 1'));
  });

  it('shows one order’s timeline by its request_id, from the keyboard', async () => {
    const requestId = await buy(1);
    await eventually(async () => {
      const answer = await fetch(`${system.queryUrl}/orders/${requestId}`);
      expect(await answer.json()).toMatchObject({ status: 'COMPLETED' });
    });
    await page.keyboard.press('/');
    await page.keyboard.type(requestId);
    await page.keyboard.press('Enter');
    await eventually(async () => {
      expect(await text('#order-status')).toBe('COMPLETED');
      expect(await text('#timeline')).toMatch(/OrderRequested[^]*OrderCompleted/);
    });
  });

  it('tells the truth at every second of a sale, from its opening until it is sold out', async () => {
    const [itemId, stocked] = ['cap-of-truth', 250];
    const opens_at = new Date(Date.now() + 2_000).toISOString();
    await order('/commands/sale', { item_id: itemId, action: 'schedule', opens_at });
    await stock(itemId, stocked);
    const samples = await watchSale({ page, commands, itemId, everyMs: 500, perSecond: 40 });
    const facts = await readFacts(system);
    const sale = { itemId, stocked };
    for (const shown of samples) {
      // A page that does not know how far it is behind may be behind; it never shows what is not in the log.
      const stalenessMs = shown.lagMs === undefined ? Infinity : 3_000 + shown.lagMs;
      expect(liesOf(shown, facts, { ...sale, stalenessMs })).toEqual([]);
    }
    expect(samples.length).toBeGreaterThanOrEqual(10);
    // What is not known bounds nothing from below: most of the time the page has to know.
    const known = samples.filter(({ lagMs }) => lagMs !== undefined);
    expect(known.length).toBeGreaterThanOrEqual(samples.length / 2);
    expect(samples.filter(({ latency }) => latency.length === 3).length).toBeGreaterThanOrEqual(3);
    expect(Math.max(...samples.map(({ decidedPerSecond }) => decidedPerSecond))).toBeGreaterThan(0);
    const opening = { sold: 0, left: stocked, note: expect.stringContaining('opens at') };
    expect(samples[0]?.item).toMatchObject(opening);
    await eventually(
      async () => {
        const shown = await readShown(page, itemId);
        expect(shown).toMatchObject({ open: 0, item: { sold: stocked, left: 0, pending: 0 } });
        expect(shown && liesOf(shown, await readFacts(system), { ...sale, stalenessMs: 0 })).toEqual([]);
      },
      { withinMs: 30_000, everyMs: 500 },
    );
  }, 120_000);

  it('shows every process with its dependencies, the breaker, and nothing on the arrows when all is done', async () => {
    for (const [name, dependency] of [
      ['command-api', 'kafka'],
      ['saga', 'redis'],
      ['projector', 'postgres'],
      ['query-api', 'postgres'],
    ] as const) {
      await eventually(async () =>
        expect(await text(`[data-process="${name}"]`)).toMatch(new RegExp(`^${name}\\s[^]*${dependency}`)),
      );
    }
    expect(await text('#breaker b')).toBe('closed');
    await eventually(async () => {
      for (const arrow of ['#to-saga b', '#to-view b']) expect(await text(arrow)).toBe('nothing waits');
      expect(await text('#to-reader b')).toBe('live');
    });
  });

  it('survives a restart of its server and goes on by itself', async () => {
    const shown = async (): Promise<number> => Number(/(\d+) of 10 sold/.exec(await text('#items'))?.[1]);
    const sold = await shown();
    await system.process('query-api').kill('SIGKILL');
    await eventually(async () => expect(await text('#link')).toContain('connection lost'));
    await system.restart('query-api');
    await eventually(async () => expect(await text('#link')).toBe('live'), { withinMs: 20_000 });
    await buy(1);
    await eventually(async () => expect(await shown()).toBe(sold + 1));
  }, 90_000);

  it('shows without Kafka who lacks it, that nobody knows the lag, and a breaker that opens', async () => {
    const start = await system.stopServer('kafka');
    const press = (): Promise<unknown> =>
      commands
        .post('/commands/buy', {
          user_id: 'bob',
          item_id: 'unknown-to-all',
          amount: 1,
          request_id: randomUUID(),
        })
        .catch(() => undefined);
    try {
      await eventually(
        async () => {
          await Promise.all([press(), press(), press()]);
          expect(await text('#breaker b')).toMatch(/^(half-)?open$/);
          expect(await text('[data-process="command-api"]')).toMatch(/^command-api\s+down[^]*kafka\s+\S+/);
          expect(await text('[data-process="query-api"]')).toMatch(/^query-api\s+degraded[^]*kafka\s+\S+/);
          expect(await text('#to-view b')).toBe('unknown');
          expect(await text('#age')).toBe('nobody knows how far the views are behind');
        },
        { withinMs: 60_000, everyMs: 500 },
      );
    } finally {
      await start();
    }
    await eventually(async () => expect(await text('#age')).toMatch(/^views \d/), { withinMs: 60_000 });
    await eventually(
      async () => {
        await press();
        expect(await text('#breaker b')).toBe('closed');
      },
      { withinMs: 60_000, everyMs: 500 },
    );
  }, 200_000);

  it('runs no script that its own policy forbids, and throws nothing', () => expect(faults).toEqual([]));
});
