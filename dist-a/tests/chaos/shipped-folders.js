"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.shippedFolders = void 0;
/** What is in the image, as source and, below `dist/`, compiled. */
exports.shippedFolders = [
    'chassis',
    'schemas',
    'migrations',
    'command-api',
    'saga',
    'projector',
    'query-api',
    'cli',
    'bench/demo',
];
//# sourceMappingURL=shipped-folders.js.map