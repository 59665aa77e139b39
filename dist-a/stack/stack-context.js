"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.StackError = exports.foldersOf = void 0;
const node_path_1 = require("node:path");
/** The folders of a checkout's stack; all are ignored by git. */
const foldersOf = (root) => {
    const stack = (0, node_path_1.join)(root, '.stack');
    return {
        dist: (0, node_path_1.join)(root, 'dist'),
        data: (0, node_path_1.join)(stack, 'data'),
        logs: (0, node_path_1.join)(stack, 'logs'),
        run: (0, node_path_1.join)(stack, 'run'),
        cache: (0, node_path_1.join)(stack, 'cache'),
        /** The running stack's passwords, for its supervisor. */
        logins: (0, node_path_1.join)(stack, 'run', 'logins'),
        /** The running stack's variables, for a shell to source. */
        variables: (0, node_path_1.join)(stack, 'run', 'variables.env'),
    };
};
exports.foldersOf = foldersOf;
/** A command that failed for a reason its message explains; no stack trace is wanted. */
class StackError extends Error {
    name = 'StackError';
}
exports.StackError = StackError;
//# sourceMappingURL=stack-context.js.map