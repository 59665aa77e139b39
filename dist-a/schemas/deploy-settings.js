"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.deploySettings = void 0;
const joi_1 = __importDefault(require("joi"));
const config_1 = require("../chassis/config");
const settings_1 = require("../chassis/settings");
const topic_settings_1 = require("./topic-settings");
exports.deploySettings = {
    ...settings_1.kafkaSettings,
    ...settings_1.registrySettings,
    ...topic_settings_1.orderTopicsSettings,
    REPLICATION_FACTOR: joi_1.default.number()
        .integer()
        .min(1)
        .max(9)
        .default(1)
        .description('Copies of each partition; 3 in production, where min.insync.replicas becomes 2'),
    DEPLOY_TIMEOUT: (0, config_1.duration)()
        .default(60_000)
        .description('How long to wait for Kafka and the registry to answer'),
};
//# sourceMappingURL=deploy-settings.js.map