"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readConfig = exports.projectorSettings = void 0;
const config_1 = require("../chassis/config");
const settings_1 = require("../chassis/settings");
const topic_settings_1 = require("../schemas/topic-settings");
exports.projectorSettings = {
    ...(0, settings_1.processSettings)(9102),
    ...settings_1.kafkaSettings,
    ...settings_1.registrySettings,
    ...settings_1.tracingSettings,
    ...settings_1.stepBackSettings,
    ...settings_1.postgresSettings,
    ...topic_settings_1.orderTopicsSettings,
    DEPLOY_WAIT: (0, config_1.duration)()
        .default(60_000)
        .description('How long a starting process waits for topics, schemas and migrations'),
};
/** @throws ConfigError with every problem of the environment. */
const readConfig = (environment) => (0, config_1.readSettings)(exports.projectorSettings, environment);
exports.readConfig = readConfig;
//# sourceMappingURL=config.js.map