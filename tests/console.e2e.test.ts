import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { Client } from '../bench/demo/client';
import { eventually } from './support/eventually';
import { startSystem, type TestSystem } from './support/system';

/** Debian's place; another one is named by CHROMIUM_PATH. */
const chromiumPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const hasBrowser = existsSync(chromiumPath);
if (!hasBrowser) {
  process.stderr.write(`console.e2e: no browser at ${chromiumPath}; install chromium or set CHROMIUM_PATH\n`);
}

/** No sandbox because tests may run as root; the rest keeps the browser off the network. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

(hasBrowser ? describe : describe.skip)('the console in a browser', () => {
  let system: TestSystem;
  let commands: Client;
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];
  const shoe = `shoe-${randomUUID().slice(0, 8)}`;

  const text = (selector: string): Promise<string> => page.locator(selector).innerText();
  const buy = async (amount: number): Promise<string> => {
    const requestId = randomUUID();
    const body = { user_id: 'ann', item_id: shoe, amount, request_id: requestId };
    expect(await commands.post('/commands/buy', body)).toMatchObject({ status: 202 });
    return requestId;
  };

  beforeAll(async () => {
    system = await startSystem({ PAYMENT_DECLINE_RATE: '0' });
    commands = new Client(system.commandUrl, 16);
    browser = await chromium.launch({ executablePath: chromiumPath, args: quiet });
    page = await browser.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) faults.push(message.text());
    });
    const stocked = await commands.post(
      '/commands/adjust-stock',
      { item_id: shoe, delta: 10, reason: 'test', command_id: randomUUID() },
      { Authorization: `Bearer ${system.adminToken}` },
    );
    expect(stocked.status).toBe(202);
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
      const order = await fetch(`${system.queryUrl}/orders/${requestId}`);
      expect(await order.json()).toMatchObject({ status: 'COMPLETED' });
    });
    await page.keyboard.press('/');
    await page.keyboard.type(requestId);
    await page.keyboard.press('Enter');
    await eventually(async () => {
      expect(await text('#order-status')).toBe('COMPLETED');
      expect(await text('#timeline')).toMatch(/OrderRequested[^]*OrderCompleted/);
    });
  });

  it('survives a restart of its server and goes on by itself', async () => {
    await system.process('query-api').kill('SIGKILL');
    await eventually(async () => expect(await text('#link')).toContain('connection lost'));
    await system.restart('query-api');
    await eventually(async () => expect(await text('#link')).toBe('live'), { withinMs: 20_000 });
    await buy(1);
    await eventually(async () => expect(await text('#items')).toContain('5 of 10 sold, 5 left'));
  }, 90_000);

  it('fits a phone without scrolling sideways', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
  });

  it('runs no script that its own policy forbids, and throws nothing', () => expect(faults).toEqual([]));
});
