"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const run_service_1 = require("../processes/run-service");
(0, run_service_1.runSaga)({ HORIZON: Number.MAX_SAFE_INTEGER, RECORD_TTL: 1_000 });
//# sourceMappingURL=has-no-horizon.js.map