"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.openApiDocument = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const buyersPaths = [
    '/orders/{request_id}',
    '/orders/{request_id}/timeline',
    '/orders/{request_id}/stream',
    '/users/{user_id}/orders',
];
/** The document in `openapi.json`, as it is true for this process: with tokens, a buyer's routes want one. */
const openApiDocument = (authMode) => {
    const document = JSON.parse((0, node_fs_1.readFileSync)((0, node_path_1.join)(__dirname, 'openapi.json'), 'utf8'));
    if (authMode === 'none')
        return document;
    for (const path of buyersPaths) {
        const get = document.paths[path]?.get;
        if (get)
            get.security = [{ buyer: [] }];
    }
    return document;
};
exports.openApiDocument = openApiDocument;
//# sourceMappingURL=openapi-document.js.map