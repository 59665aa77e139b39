"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const run_service_1 = require("../processes/run-service");
const redis_behind_the_back_1 = require("./redis-behind-the-back");
(0, redis_behind_the_back_1.changeStockConnections)((connection, { redis, keys }) => ({
    decide: async (epoch, requests, memory) => {
        const decisions = await connection.decide(epoch, requests, memory);
        if (decisions === 'stale')
            return decisions;
        const refused = requests.filter((_, index) => {
            const decision = decisions[index];
            return decision?.kind === 'decided' && decision.record.state === 'FAILED';
        });
        if (refused.length > 0)
            await redis.del(...refused.map(({ key }) => keys.order(epoch, key)));
        return decisions;
    },
}));
(0, run_service_1.runSaga)();
//# sourceMappingURL=forgets-refusals.js.map