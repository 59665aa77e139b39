"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.openPage = exports.openBrowser = exports.hasBrowser = void 0;
const node_fs_1 = require("node:fs");
const playwright_core_1 = require("playwright-core");
/** Debian's place; another one is named by CHROMIUM_PATH. */
const chromiumPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
exports.hasBrowser = (0, node_fs_1.existsSync)(chromiumPath);
if (!exports.hasBrowser) {
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
const openBrowser = () => playwright_core_1.chromium.launch({ executablePath: chromiumPath, args: quiet });
exports.openBrowser = openBrowser;
/** A page that notes what its scripts throw and what its policy forbids. */
const openPage = async (browser, faults) => {
    const page = await browser.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
        if (message.text().includes('Content Security Policy'))
            faults.push(message.text());
    });
    return page;
};
exports.openPage = openPage;
//# sourceMappingURL=browser.js.map