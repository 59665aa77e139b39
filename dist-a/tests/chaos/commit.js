"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.commitOf = void 0;
const node_child_process_1 = require("node:child_process");
/** The commit that is checked out. */
const commitOf = (root) => {
    try {
        return (0, node_child_process_1.execFileSync)('git', ['rev-parse', '--short', 'HEAD'], {
            cwd: root,
            encoding: 'utf8',
            stdio: ['ignore', 'pipe', 'ignore'],
        }).trim();
    }
    catch {
        return 'unknown';
    }
};
exports.commitOf = commitOf;
//# sourceMappingURL=commit.js.map