import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

/** Debian's place; another one is named by CHROMIUM_PATH. */
const chromiumPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

export const hasBrowser = existsSync(chromiumPath);
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

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath, args: quiet });

/** A page that notes what its scripts throw and what its policy forbids. */
export const openPage = async (browser: Browser, faults: string[]): Promise<Page> => {
  const page = await browser.newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(message.text());
  });
  return page;
};
