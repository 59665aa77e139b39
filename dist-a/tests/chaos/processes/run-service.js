"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.runSaga = exports.runProjector = exports.runCommandApi = void 0;
const lifecycle_1 = require("../../../chassis/lifecycle");
const config_1 = require("../../../command-api/config");
const start_1 = require("../../../command-api/start");
const config_2 = require("../../../projector/config");
const start_2 = require("../../../projector/start");
const config_3 = require("../../../saga/config");
const start_3 = require("../../../saga/start");
const failpoint_1 = require("../failpoint");
/** Each service as shipped, except that it dies or falls asleep at the step that FAILPOINT_FILE names. */
const runCommandApi = () => (0, lifecycle_1.runMain)('command-api', process.env, (environment) => (0, start_1.start)((0, config_1.readConfig)(environment), {
    atStep: (0, failpoint_1.stepsArmedBy)(environment['FAILPOINT_FILE']),
}));
exports.runCommandApi = runCommandApi;
const runProjector = () => (0, lifecycle_1.runMain)('projector', process.env, (environment, onFatal) => (0, start_2.start)((0, config_2.readConfig)(environment), onFatal, {
    atStep: (0, failpoint_1.stepsArmedBy)(environment['FAILPOINT_FILE']),
}));
exports.runProjector = runProjector;
const runSaga = (settings = {}) => (0, lifecycle_1.runMain)('saga', process.env, (environment, onFatal) => (0, start_3.start)({ ...(0, config_3.readConfig)(environment), ...settings }, onFatal, {
    atStep: (0, failpoint_1.stepsArmedBy)(environment['FAILPOINT_FILE']),
}));
exports.runSaga = runSaga;
//# sourceMappingURL=run-service.js.map