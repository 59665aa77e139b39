"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.readConfig = exports.sagaSettings = void 0;
const joi_1 = __importDefault(require("joi"));
const config_1 = require("../chassis/config");
const settings_1 = require("../chassis/settings");
const topic_settings_1 = require("../schemas/topic-settings");
const settings_2 = require("./payment/settings");
exports.sagaSettings = {
    ...(0, settings_1.processSettings)(9101),
    ...settings_1.kafkaSettings,
    ...settings_1.registrySettings,
    ...settings_1.tracingSettings,
    ...settings_1.stepBackSettings,
    ...settings_1.redisSettings,
    ...topic_settings_1.orderTopicsSettings,
    ...settings_2.paymentSettings,
    ...settings_1.adminSettings,
    SAGA_GROUP: joi_1.default.string()
        .pattern(/^[A-Za-z0-9._-]{1,100}$/)
        .default('saga')
        .description('Consumer group; its members share the partitions'),
    CHUNK_MAX: joi_1.default.number()
        .integer()
        .min(1)
        .max(1000)
        .default(500)
        .description('Orders of a partition that are decided by one call of a script'),
    HORIZON: (0, config_1.duration)()
        .default(24 * 3_600_000)
        .description('A request older than this is refused as EXPIRED instead of being decided anew'),
    RECORD_TTL: (0, config_1.duration)()
        .default(48 * 3_600_000)
        .description('How long Redis remembers a decision whose outcome is in the log; twice HORIZON or more'),
    REFUSAL_DETAIL: joi_1.default.boolean()
        .default(false)
        .description('Refusals say more than their reason; turn it on once no saga of a release before this setting is left'),
};
/** Rule R11: an answer of the log may be half a HORIZON old, and Redis must remember whatever came later. */
const memoryFaults = ({ HORIZON, RECORD_TTL }) => {
    if (RECORD_TTL >= 2 * HORIZON)
        return [];
    const [horizon, ttl] = [HORIZON, RECORD_TTL].map(config_1.formatDurationMs);
    return [`RECORD_TTL (${ttl}) must be at least twice HORIZON (${horizon}), or orders are decided twice`];
};
/** @throws ConfigError with every problem of the environment. */
const readConfig = (environment) => (0, config_1.readSettings)(exports.sagaSettings, environment, memoryFaults);
exports.readConfig = readConfig;
//# sourceMappingURL=config.js.map