import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { pause } from '../chassis/deadline';
import { projectRoot } from '../stack/project-root';

/** The pictures of the README: the console of the running stack while the demo sells. */
const [width, height] = [1200, 900];
/** So much of a sale that its curve has a shape. */
const accepted = 1_500;
const withinMs = 180_000;

const isUnderWay = `(() => {
  const [, orders] = /accepted ([\\d,]+)/.exec(document.querySelector('#rate-legend').textContent) ?? [];
  return Number((orders ?? '0').replaceAll(',', '')) >= ${accepted};
})()`;

const main = async (): Promise<void> => {
  const { QUERY_API_URL: url, CHROMIUM_PATH: executablePath = '/usr/bin/chromium' } = process.env;
  if (url === undefined) throw new Error('QUERY_API_URL is not set: start with make console-pictures');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  const demo = spawn(process.execPath, [join(projectRoot(), 'dist', 'bench', 'demo', 'main.js')], {
    env: { ...process.env, ORDERS: '5000' },
    stdio: 'inherit',
  });
  try {
    const page = await browser.newPage({ viewport: { width, height } });
    await page.goto(`${url}/console`);
    // Not waitForFunction: it evaluates a text in the page, which the page's own policy forbids.
    for (const endsAtMs = Date.now() + withinMs; !(await page.evaluate<boolean>(isUnderWay));) {
      if (Date.now() > endsAtMs) throw new Error(`no sale of ${accepted} orders within ${withinMs} ms`);
      await pause(500);
    }
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const path = join(projectRoot(), 'docs', 'images', `console-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true });
      process.stdout.write(`wrote ${path}\n`);
    }
    await once(demo, 'exit');
  } finally {
    demo.kill();
    await browser.close();
  }
};

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
