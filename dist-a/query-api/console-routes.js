"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.mountConsole = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const app_1 = require("../chassis/http/app");
const page_policy_1 = require("../chassis/http/page-policy");
const types = { html: 'text/html', css: 'text/css', js: 'text/javascript' };
/** The files beside the page, by the last part of their path. */
const files = [
    'console.css',
    'console.js',
    'page.js',
    'chart.js',
    'pipeline.js',
    'stock.js',
    'rebuilds.js',
    'letters.js',
    'letter-desk.js',
];
const read = (name) => (0, node_fs_1.readFileSync)((0, node_path_1.join)(__dirname, 'console', name), 'utf8');
const serve = (body, type, policy) => {
    const headers = {
        'Content-Type': `${types[type]}; charset=utf-8`,
        'Content-Security-Policy': policy,
        'Cache-Control': 'no-cache',
        'X-Content-Type-Options': 'nosniff',
    };
    return (_request, response) => {
        response.set(headers).send(body);
    };
};
/**
 * `/console`: a page without a build step, fed once a second.
 * @param commandOrigin where its script sends redrive and discard; undefined: it shows the command to type instead
 */
const mountConsole = (app, hub, commandOrigin) => {
    const policy = (0, page_policy_1.pagePolicy)(commandOrigin);
    // An origin holds nothing that HTML reads as its own: the setting admits no other text.
    const page = read('console.html').replace('data-commands=""', `data-commands="${commandOrigin ?? ''}"`);
    app.get('/console', serve(page, 'html', policy));
    for (const name of files) {
        app.get(`/console/${name}`, serve(read(name), name.endsWith('.css') ? 'css' : 'js', policy));
    }
    app.get('/console/stream', (_request, response) => {
        if (hub.watch(response))
            return;
        (0, app_1.sendProblem)(response, {
            status: 503,
            error: 'TOO_MANY_WATCHERS',
            title: 'Too many consoles are open',
            retryAfterSeconds: 5,
        });
    });
    const paths = ['/console', '/console/stream', ...files.map((name) => `/console/${name}`)];
    app.all(paths, (0, app_1.onlyMethods)('GET', 'HEAD'));
};
exports.mountConsole = mountConsole;
//# sourceMappingURL=console-routes.js.map