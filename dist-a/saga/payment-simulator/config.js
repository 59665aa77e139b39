"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.readConfig = exports.paymentSimulatorSettings = void 0;
const joi_1 = __importDefault(require("joi"));
const config_1 = require("../../chassis/config");
const settings_1 = require("../../chassis/settings");
const settings_2 = require("../payment/settings");
exports.paymentSimulatorSettings = {
    ...(0, settings_1.processSettings)(9103),
    ...settings_1.tracingSettings,
    ...settings_2.simulatedPaymentSettings,
    PAYMENT_JOURNAL_FILE: joi_1.default.string().description('Where the journal is kept and read from at start; unset: in memory only'),
    PAYMENT_HANG: (0, config_1.duration)()
        .default(30_000)
        .description('How long a lost answer keeps its connection open before it is cut'),
};
/** @throws ConfigError with every problem of the environment. */
const readConfig = (environment) => (0, config_1.readSettings)(exports.paymentSimulatorSettings, environment);
exports.readConfig = readConfig;
//# sourceMappingURL=config.js.map