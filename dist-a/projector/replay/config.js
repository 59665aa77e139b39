"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readConfig = exports.replaySettings = void 0;
const config_1 = require("../../chassis/config");
const settings_1 = require("../../chassis/settings");
const stalled_1 = require("../../migrations/rebuilds/stalled");
exports.replaySettings = {
    ...settings_1.kafkaSettings,
    ...settings_1.registrySettings,
    ...settings_1.postgresSettings,
    STALLED_AFTER: (0, config_1.duration)()
        .default(stalled_1.stalledAfterMs)
        .description('A rebuild that comes no further for this long gives up and is called STALLED'),
};
/** @throws ConfigError with every problem of the environment. */
const readConfig = (environment) => (0, config_1.readSettings)(exports.replaySettings, environment);
exports.readConfig = readConfig;
//# sourceMappingURL=config.js.map