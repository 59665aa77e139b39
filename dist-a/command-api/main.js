"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
const node_cluster_1 = __importDefault(require("node:cluster"));
const lifecycle_1 = require("../chassis/lifecycle");
const log_1 = require("../chassis/log");
const workers_1 = require("../chassis/workers");
const config_1 = require("./config");
const start_1 = require("./start");
(0, lifecycle_1.runMain)('command-api', process.env, (environment) => {
    const config = (0, config_1.readConfig)(environment);
    if (node_cluster_1.default.isWorker || config.WORKERS === 1)
        return (0, start_1.start)(config);
    const url = `http://${config.HOST}:${config.PORT}`;
    const log = (0, log_1.createLog)('command-api', config.LOG_LEVEL);
    return (0, workers_1.startWorkers)({ count: config.WORKERS, log, stopWithinMs: config.SHUTDOWN_TIMEOUT, url });
});
//# sourceMappingURL=main.js.map