"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.processes = void 0;
const config_1 = require("../../command-api/config");
const config_2 = require("../../migrations/config");
const config_3 = require("../../projector/config");
const config_4 = require("../../query-api/config");
const config_5 = require("../../saga/config");
const config_6 = require("../../saga/payment-simulator/config");
const deploy_settings_1 = require("../../schemas/deploy-settings");
/** Every process that is deployed, with the settings it reads. */
exports.processes = {
    'command-api': config_1.commandApiSettings,
    saga: config_5.sagaSettings,
    projector: config_3.projectorSettings,
    'query-api': config_4.queryApiSettings,
    migrations: config_2.settings,
    schemas: deploy_settings_1.deploySettings,
    'payment-simulator': config_6.paymentSimulatorSettings,
};
//# sourceMappingURL=processes.js.map