"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.addressesOf = exports.onLoopback = void 0;
const ports_1 = require("./ports");
const onLoopback = (port) => `http://${ports_1.loopback}:${port}`;
exports.onLoopback = onLoopback;
const addressesOf = (settings) => ({
    COMMAND_API_URL: (0, exports.onLoopback)(settings.COMMAND_API_PORT),
    QUERY_API_URL: (0, exports.onLoopback)(settings.QUERY_API_PORT),
    SAGA_URL: (0, exports.onLoopback)(settings.SAGA_PORT),
    PROJECTOR_URL: (0, exports.onLoopback)(settings.PROJECTOR_PORT),
});
exports.addressesOf = addressesOf;
//# sourceMappingURL=addresses.js.map