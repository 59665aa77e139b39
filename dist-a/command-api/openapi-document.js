"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.openApiDocument = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const userIdNames = new Set(['user_id', 'userId']);
/** The document in `openapi.json`, as it is true for this process: with tokens, a body need not name its buyer. */
const openApiDocument = (authMode) => {
    const document = JSON.parse((0, node_fs_1.readFileSync)((0, node_path_1.join)(__dirname, 'openapi.json'), 'utf8'));
    if (authMode === 'none')
        return document;
    const buy = document.paths['/commands/buy']?.post;
    if (buy)
        buy.security = [{ buyer: [] }];
    for (const name of ['BuyCommand', 'BuyCommandCamelCase']) {
        const schema = document.components.schemas[name];
        if (schema)
            schema.required = schema.required.filter((member) => !userIdNames.has(member));
    }
    return document;
};
exports.openApiDocument = openApiDocument;
//# sourceMappingURL=openapi-document.js.map