"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const run_service_1 = require("../processes/run-service");
const redis_behind_the_back_1 = require("./redis-behind-the-back");
const keptMs = 30;
(0, redis_behind_the_back_1.changeStockConnections)((connection, { redis, keys }) => ({
    settle: async (epoch, requests) => {
        const settled = await connection.settle(epoch, requests);
        for (const { order } of requests)
            await redis.pexpire(keys.order(epoch, order.key), keptMs);
        return settled;
    },
    // Else the right expiry would follow and undo the early one.
    emitted: async () => 'marked',
}));
(0, run_service_1.runSaga)();
//# sourceMappingURL=expires-at-settlement.js.map