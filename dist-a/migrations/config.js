"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readConfig = exports.settings = void 0;
const config_1 = require("../chassis/config");
const settings_1 = require("../chassis/settings");
exports.settings = {
    LOG_LEVEL: (0, settings_1.processSettings)(0)['LOG_LEVEL'],
    DATABASE_URL: settings_1.postgresSettings['DATABASE_URL'],
    DATABASE_WAIT: (0, config_1.duration)()
        .default(60_000)
        .description('How long to wait for PostgreSQL to answer, and for another deploy step to finish'),
};
const readConfig = (environment) => (0, config_1.readSettings)(exports.settings, environment);
exports.readConfig = readConfig;
//# sourceMappingURL=config.js.map