"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.mountDocuments = void 0;
const app_1 = require("./app");
const docs_page_1 = require("./docs-page");
const page_policy_1 = require("./page-policy");
const serve = (type, body) => (_request, response) => {
    response
        .set({
        'Content-Type': `${type}; charset=utf-8`,
        'Content-Security-Policy': (0, page_policy_1.pagePolicy)(),
        'Cache-Control': 'no-cache',
    })
        .send(body);
};
/** `/openapi.json`, and `/docs`, a page that shows it and tries it out. Mount before `mountErrors`. */
const mountDocuments = (app, openapi) => {
    const document = JSON.stringify(openapi);
    app.get('/openapi.json', serve('application/json', document));
    app.get('/docs', serve('text/html', docs_page_1.docsPage));
    app.get('/docs/docs.js', serve('text/javascript', docs_page_1.docsScript));
    app.get('/docs/docs.css', serve('text/css', docs_page_1.docsStyle));
    app.all(['/openapi.json', '/docs', '/docs/docs.js', '/docs/docs.css'], (0, app_1.onlyMethods)('GET', 'HEAD'));
};
exports.mountDocuments = mountDocuments;
//# sourceMappingURL=documents.js.map