"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readSettings = exports.parseVariables = exports.findRoot = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const exit_1 = require("./exit");
/** The folder with package.json, from the sources as well as from dist/. */
const findRoot = (from) => {
    let folder = from;
    while (!(0, node_fs_1.existsSync)((0, node_path_1.join)(folder, 'package.json'))) {
        if ((0, node_path_1.dirname)(folder) === folder)
            return from;
        folder = (0, node_path_1.dirname)(folder);
    }
    return folder;
};
exports.findRoot = findRoot;
/** `NAME='value'` lines, as `make up` writes them. */
const parseVariables = (text) => Object.fromEntries([...text.matchAll(/^([A-Z_]+)='(.*)'$/gm)].map(([, name = '', value = '']) => [
    name,
    value.replaceAll(`'\\''`, `'`),
]));
exports.parseVariables = parseVariables;
const variablesOf = (root) => {
    const file = (0, node_path_1.join)(root, '.stack', 'run', 'variables.env');
    return (0, node_fs_1.existsSync)(file) ? (0, exports.parseVariables)((0, node_fs_1.readFileSync)(file, 'utf8')) : {};
};
const tokenIn = (file) => {
    try {
        return (0, node_fs_1.readFileSync)(file, 'utf8').trim();
    }
    catch {
        throw (0, exit_1.couldNot)(`The admin token cannot be read from ${file}.`);
    }
};
/**
 * Options come first, then the environment, then what `make up` of this checkout wrote, then the usual ports. The token
 * is never an option: arguments are seen by every user of the machine.
 * @throws CommandEnd when the token's file cannot be read.
 */
const readSettings = (given, environment, root) => {
    const isNamed = ['COMMAND_API_URL', 'QUERY_API_URL', 'SAGA_URL', 'PROJECTOR_URL'].some((name) => environment[name] !== undefined);
    const all = isNamed ? environment : { ...variablesOf(root), ...environment };
    const tokenFile = given.tokenFile ?? all['ADMIN_TOKEN_FILE'];
    const address = (option, name, port) => (option ?? all[name] ?? `http://127.0.0.1:${port}`).replace(/\/+$/, '');
    const addresses = {
        commandApi: address(given.commandApi, 'COMMAND_API_URL', 8080),
        queryApi: address(given.queryApi, 'QUERY_API_URL', 8090),
        saga: address(given.saga, 'SAGA_URL', 9101),
        projector: address(given.projector, 'PROJECTOR_URL', 9102),
    };
    const adminToken = tokenFile === undefined ? all['ADMIN_TOKEN'] : tokenIn(tokenFile);
    return { addresses, adminToken, environment: all, root };
};
exports.readSettings = readSettings;
//# sourceMappingURL=settings.js.map