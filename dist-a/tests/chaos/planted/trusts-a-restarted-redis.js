"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const run_service_1 = require("../processes/run-service");
const redis_behind_the_back_1 = require("./redis-behind-the-back");
(0, redis_behind_the_back_1.changeStockConnections)((connection) => ({
    serverRunId: async () => (await connection.current())?.runId ?? connection.serverRunId(),
}));
(0, run_service_1.runSaga)();
//# sourceMappingURL=trusts-a-restarted-redis.js.map