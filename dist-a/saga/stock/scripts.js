"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.scriptRunner = exports.readScripts = void 0;
const node_crypto_1 = require("node:crypto");
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const names = [
    'decide',
    'settle',
    'emitted',
    'adjust',
    'close',
    'open',
    'load_items',
    'load_orders',
    'load_commands',
    'audit',
    'lease',
];
const isUnknownScript = (error) => error instanceof Error && error.message.startsWith('NOSCRIPT');
/** Reads the scripts beside this file. */
const readScripts = () => new Map(names.map((name) => {
    const text = (0, node_fs_1.readFileSync)((0, node_path_1.join)(__dirname, `${name}.lua`), 'utf8');
    return [name, { text, sha: (0, node_crypto_1.createHash)('sha1').update(text).digest('hex') }];
}));
exports.readScripts = readScripts;
const scriptRunner = (redis, scripts) => {
    return async (name, keys, args) => {
        const script = scripts.get(name);
        if (!script)
            throw new TypeError(`There is no script ${name}.`);
        const command = (first) => [first, keys.length].concat(keys, args);
        try {
            return await redis.call('EVALSHA', command(script.sha));
        }
        catch (error) {
            if (!isUnknownScript(error))
                throw error;
            return redis.call('EVAL', command(script.text));
        }
    };
};
exports.scriptRunner = scriptRunner;
//# sourceMappingURL=scripts.js.map