"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readLogins = exports.writeLogins = exports.loginVariables = exports.redisUrlAs = exports.newLogins = void 0;
const node_crypto_1 = require("node:crypto");
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const access_1 = require("./access");
const ports_1 = require("./ports");
const users = [access_1.brokerUser, 'saga', 'projector', 'query-api', 'command-api'];
/** New passwords for each start: nobody has to remember them. @param strangers users without any right. */
const newLogins = async (strangers = []) => ({
    kafkaPort: await (0, ports_1.freePort)(),
    passwords: Object.fromEntries([...users, ...strangers].map((user) => [user, (0, node_crypto_1.randomBytes)(24).toString('hex')])),
});
exports.newLogins = newLogins;
/** An address of Redis as `user`. */
const redisUrlAs = ({ passwords }, user, redisUrl) => {
    const url = new URL(redisUrl);
    url.username = user;
    url.password = passwords[user] ?? '';
    return url.href;
};
exports.redisUrlAs = redisUrlAs;
/** What a process needs to come as `user`; nothing for one who has no login. */
const loginVariables = (logins, user, redisUrl) => {
    const password = logins.passwords[user];
    if (password === undefined)
        return {};
    return {
        KAFKA_BROKERS: `${ports_1.loopback}:${logins.kafkaPort}`,
        KAFKA_SASL_MECHANISM: 'plain',
        KAFKA_SASL_USERNAME: user,
        KAFKA_SASL_PASSWORD: password,
        ...((0, access_1.isRedisUser)(user) && { REDIS_URL: (0, exports.redisUrlAs)(logins, user, redisUrl) }),
    };
};
exports.loginVariables = loginVariables;
/** Leaves them to the supervisor, for the eyes of this user of the machine only. */
const writeLogins = (file, logins) => {
    (0, node_fs_1.mkdirSync)((0, node_path_1.dirname)(file), { recursive: true });
    (0, node_fs_1.writeFileSync)(file, JSON.stringify(logins), { mode: 0o600 });
};
exports.writeLogins = writeLogins;
/** `undefined` when the stack was started without. */
const readLogins = (file) => {
    try {
        return JSON.parse((0, node_fs_1.readFileSync)(file, 'utf8'));
    }
    catch (error) {
        if (error.code === 'ENOENT')
            return undefined;
        throw error;
    }
};
exports.readLogins = readLogins;
//# sourceMappingURL=logins.js.map