"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const node_child_process_1 = require("node:child_process");
const node_events_1 = require("node:events");
const node_path_1 = require("node:path");
const playwright_core_1 = require("playwright-core");
const deadline_1 = require("../chassis/deadline");
const project_root_1 = require("../stack/project-root");
/** The pictures of the README: the console of the running stack while the demo sells, from opening to sold out. */
const orders = 5_000;
const withinMs = 180_000;
const desk = { width: 1200, height: 745 };
const phone = { width: 390, height: 844 };
/** An expression of the page: how many orders it says were accepted in the last two minutes, and how many are open. */
const accepted = `Number((/accepted ([\\d,]+)/.exec(document.querySelector('#rate-legend').textContent)?.[1] ?? '0').replaceAll(',', ''))`;
const items = `document.querySelectorAll('#items li').length`;
const open = `document.querySelector('#open b').textContent`;
/** The demo has stocked its items, beside those that were there. */
const opening = (itemsBefore) => [
    'the opening',
    `${items} > ${itemsBefore} && document.querySelector('#items').innerText.includes(' left')`,
];
/** So much of a sale that its curves have a shape. */
const middle = ['the middle of the sale', `${accepted} > ${orders * 0.55}`];
const soldOut = ['the end of the sale', `${accepted} >= ${orders} && ${open} === '0'`];
const until = async (page, [name, expression]) => {
    // Not waitForFunction: it evaluates a text in the page, which the page's own policy forbids.
    for (const endsAtMs = Date.now() + withinMs; !(await page.evaluate(expression));) {
        if (Date.now() > endsAtMs)
            throw new Error(`${name} did not come within ${withinMs} ms`);
        await (0, deadline_1.pause)(250);
    }
};
const take = async (page, name, fullPage) => {
    const path = (0, node_path_1.join)((0, project_root_1.projectRoot)(), 'docs', 'images', `console-${name}.png`);
    await page.screenshot({ path, fullPage });
    process.stdout.write(`wrote ${path}\n`);
};
const takeAll = async (browser, url, startDemo) => {
    const page = await browser.newPage({ viewport: desk });
    const small = await browser.newPage({ viewport: phone, deviceScaleFactor: 2 });
    for (const one of [page, small])
        await one.goto(`${url}/console`);
    await until(page, ['the first snapshot', `document.querySelector('#link').textContent === 'live'`]);
    const before = await page.evaluate(items);
    startDemo();
    await until(page, opening(before));
    await take(page, 'opening', false);
    await until(page, middle);
    for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        await take(page, colorScheme, true);
    }
    await take(small, 'phone', false);
    await page.emulateMedia({ colorScheme: 'light' });
    await until(page, soldOut);
    await take(page, 'sold-out', false);
};
const main = async () => {
    const { QUERY_API_URL: url, CHROMIUM_PATH: executablePath = '/usr/bin/chromium' } = process.env;
    if (url === undefined)
        throw new Error('QUERY_API_URL is not set: start with make console-pictures');
    const browser = await playwright_core_1.chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    let demo;
    try {
        await takeAll(browser, url, () => {
            demo = (0, node_child_process_1.spawn)(process.execPath, [(0, node_path_1.join)((0, project_root_1.projectRoot)(), 'dist', 'bench', 'demo', 'main.js')], {
                env: { ...process.env, ORDERS: String(orders) },
                stdio: 'inherit',
            });
        });
        if (demo?.exitCode === null)
            await (0, node_events_1.once)(demo, 'exit');
    }
    finally {
        demo?.kill();
        await browser.close();
    }
};
main().catch((error) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
});
//# sourceMappingURL=console-pictures.js.map