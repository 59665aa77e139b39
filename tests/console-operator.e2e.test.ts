import { randomUUID } from 'node:crypto';
import { Client as Database } from 'pg';
import type { Browser, Page } from 'playwright-core';
import { rebuildLockClass, rebuildLockOf } from '../migrations/rebuilds/rebuild-lock';
import { hasBrowser, openBrowser, openPage } from './console/browser';
import { poorContrasts } from './console/contrast';
import { parkLetters } from './console/park-letters';
import { eventually } from './support/eventually';
import { startSystem, type TestSystem } from './support/system';

(hasBrowser ? describe : describe.skip)('an operator at the console', () => {
  let system: TestSystem;
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];
  const order = { requestId: randomUUID(), itemId: 'cap-of-letters' };

  const text = (selector: string): Promise<string> => page.locator(selector).innerText();
  const says = (selector: string, words: string | RegExp) =>
    eventually(async () => expect(await text(selector)).toMatch(words), { withinMs: 20_000 });
  const tab = async (selector: string): Promise<void> => {
    for (let presses = 0; presses < 80; presses += 1) {
      if (await page.evaluate(`document.activeElement?.matches('${selector}') === true`)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`the keyboard does not reach ${selector}`);
  };
  const list = async (token: string): Promise<void> => {
    await page.evaluate("document.querySelector('#desk').open = true");
    await page.locator('#admin-token').fill(token);
    await page.locator('#list-letters button').click();
  };

  beforeAll(async () => {
    system = await startSystem((url) => ({
      PAYMENT_DECLINE_RATE: '0',
      CONSOLE_ORIGIN: url('query-api'),
      CONSOLE_COMMAND_ORIGIN: url('command-api'),
    }));
    browser = await openBrowser();
    page = await openPage(browser, faults);
    page.setDefaultTimeout(15_000);
    await fetch(`${system.commandUrl}/commands/adjust-stock`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${system.adminToken}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ item_id: order.itemId, delta: 5, reason: 'test', command_id: 'stock' }),
    });
    await parkLetters(system, order);
    await page.goto(`${system.queryUrl}/console`);
  }, 180_000);

  afterAll(async () => {
    await browser.close();
    await system.stop();
  }, 60_000);

  it('sees how many letters there are, since when and why, and no letter without the token', async () => {
    await says('#letters-summary', /^\d+ open, the oldest for [\d.]+ (ms|s|min)\.$/);
    for (const reason of ['KEY_MISMATCH', 'NOT_FRAMED'])
      await says('#letter-counts', new RegExp(`${reason}\\s+\\d`));
    await list('wrong');
    await says('#desk-status', 'A valid bearer token is needed');
    expect(await page.locator('#letter-list li').count()).toBe(0);
  });

  it('redrives from the keyboard, told before what will happen, and discards the rest with a note', async () => {
    await list(system.adminToken);
    await says('#desk-status', /^\d+ open letters, newest first\.$/);
    await tab('#choose-all');
    await page.keyboard.press('Enter');
    await tab('#redrive');
    await page.keyboard.press('Enter');
    await says('#question', /^Of \d: \d will be tried again, \d will fail again\.$/);
    await tab('#confirm');
    await page.keyboard.press('Enter');
    await says('#desk-status', /^(\d) of \1 tried: /);
    await eventually(
      async () => {
        const answer = await fetch(`${system.queryUrl}/orders/${order.requestId}`);
        expect(await answer.json()).toMatchObject({ status: 'COMPLETED' });
      },
      { withinMs: 20_000 },
    );
    // What failed again is listed anew, and nothing of it is chosen.
    await eventually(async () => expect(await text('#chosen')).toBe('0 chosen'), { withinMs: 20_000 });
    await page.locator('#choose-all').click();
    await page.locator('#discard').click();
    await says('#desk-status', 'A discard needs a note');
    await page.locator('#note').fill('no event at all');
    await page.locator('#discard').click();
    await page.locator('#confirm').click();
    await says('#desk-status', /^(\d) of \1 tried: \1 DISCARDED$/);
    await says('#letters-summary', 'None is open.');
    await says('#letters b', /^0$/);
  }, 90_000);

  it('leaves the token nowhere', async () => {
    const kept = await page.evaluate(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href])',
    );
    expect(kept).toBe(JSON.stringify([{}, {}, '', `${system.queryUrl}/console`]));
    await page.reload();
    expect(await page.locator('#admin-token').inputValue()).toBe('');
  });

  it('is shown the commands to type where the page may send none', async () => {
    await parkLetters(system, { ...order, requestId: randomUUID() });
    await says('#letters-summary', /^\d+ open/);
    const alone = await openPage(browser, faults);
    await alone.route('**/console', async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replace(/data-commands="[^"]*"/, 'data-commands=""');
      await route.fulfill({ response: answer, body });
    });
    await alone.goto(`${system.queryUrl}/console`);
    await alone.locator('summary').click();
    await alone.locator('#admin-token').fill(system.adminToken);
    await alone.locator('#list-letters button').click();
    await alone.locator('#letter-list input').first().check();
    const typed = await alone.locator('#typed-commands').innerText();
    expect(typed).toMatch(/^npx flash-sale dlq redrive order-requests:\d:\d+ --dry-run$/m);
    expect(await alone.locator('#redrive').isVisible()).toBe(false);
    await alone.close();
  });

  it('sees a view being built anew, and that it is stuck', async () => {
    const database = new Database({ connectionString: system.infrastructure.variables.DATABASE_URL });
    await database.connect();
    try {
      await says('#rebuilds', /orders: no rebuild\s+live version \d/);
      await database.query('select pg_advisory_lock($1, $2)', [rebuildLockClass, rebuildLockOf.orders]);
      const note = `insert into rebuilds values ('orders', 'BUILDING', 1, $1, $1, 10000, 3400, $2, null, null)
        on conflict (view) do update set progressed_at = $1, events_per_second = $2`;
      await database.query(note, [Date.now() + 60_000, 660]);
      await says('#rebuilds', /orders: building, at work\s+34 %, 660 events\/s, 6,600 behind, 10.0 s to go/);
      expect(await page.locator('#rebuilds progress').getAttribute('aria-label')).toBe('rebuild of orders');
      await database.query(note, [Date.now() - 40_000, 0]);
      await says('#rebuilds', /orders: STALLED, at work\s+34 %, 0 events\/s, 6,600 behind, no end in sight/);
    } finally {
      await database.end();
    }
    await says('#rebuilds', 'orders: STALLED, nobody at work: npx flash-sale replay start orders');
  }, 60_000);

  it.each(['light', 'dark'] as const)('can read every word, %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    expect(await poorContrasts(page)).toEqual([]);
  });

  it('fits a phone without scrolling sideways', async () => {
    await list(system.adminToken);
    await says('#desk-status', /open/);
    await page.setViewportSize({ width: 360, height: 740 });
    const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
  });

  it('meets no script that the page’s policy forbids, and no error', () => expect(faults).toEqual([]));
});
