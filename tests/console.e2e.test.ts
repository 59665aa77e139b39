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
    system = await startSystem({ PAYMENT_DECLINE_RATE: '0' });
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
    await eventually(async () => expect(await text('#items')).toContain('3 of 10 sold, 7 left'));
    // Not before: orders of two partitions are decided in either order, and the 8 could win.
    await buy(8);
    const answer = await fetch(`${system.queryUrl}/items/${shoe}`);
    expect(await answer.json()).toMatchObject({ stocked: 10, sold: 3, available: 7 });
    expect(await text('#oversold b')).toBe('0');
    await eventually(async () => expect(await text('#rate-legend')).toContain('SOLD_OUT 1'));
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

  it('runs no script that its own policy forbids, and throws nothing', () => expect(faults).toEqual([]));
});
