"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.networkScenarios = void 0;
const during_1 = require("./during");
const tcpLinks = (links) => [
    ['saga-redis', links.sagaRedis],
    ['api-redis', links.apiRedis],
    ['projector-postgres', links.projectorPostgres],
    ['query-postgres', links.queryPostgres],
    ['payment', links.payment],
];
const troubles = [
    ['100 ms late', { delayMs: 100 }],
    ['1 % resets', { resetChance: 0.01 }],
    ['64 kB/s', { bytesPerSecond: 64_000 }],
    ['slices of 1 byte', { sliceBytes: 1 }],
    ['silent', { isSilent: true }],
];
const troubled = async (stage, [name, link], [trouble, behaviour]) => {
    const bounds = { sinceHeal: { accepting_ms: 15_000, deciding_ms: 15_000 } };
    await (0, during_1.during)(stage, `${name} ${trouble}`, bounds, async () => {
        link.behave(behaviour);
        await stage.wait(5_000);
        link.heal();
        if (behaviour.isSilent)
            link.cut();
    });
};
const slowLinks = {
    id: 'F19',
    title: 'a link drawn from the seed is late, then one resets, one is narrow, one cuts into bytes, one falls silent',
    bound: 'accepted and decided within 15 s after healing',
    coolDownMs: 16_000,
    mayExitWith: [70, 72],
    act: async (stage) => {
        const links = tcpLinks(stage.system.links);
        for (const trouble of troubles)
            await troubled(stage, stage.random.pick(links), trouble);
    },
};
const everyLink = {
    ...slowLinks,
    id: 'F19l',
    title: 'each link but those to Kafka is late, resets, is narrow, cuts into bytes and falls silent in turn',
    act: async (stage) => {
        for (const link of tcpLinks(stage.system.links))
            for (const trouble of troubles)
                await troubled(stage, link, trouble);
    },
};
const frozenBroker = async (stage, role, ms) => {
    stage.system.links.kafka[role].freeze();
    await stage.wait(ms);
    stage.system.links.kafka[role].thaw();
};
const partedMs = 30_000;
const partitions = {
    id: 'F20',
    title: 'saga and Redis, saga and Kafka, API and Kafka are cut off from each other for 30 s',
    bound: 'accepted and decided within 15 s after healing',
    coolDownMs: 18_000,
    mayExitWith: [70, 72],
    act: async (stage) => {
        const bounds = { sinceHeal: { accepting_ms: 15_000, deciding_ms: 15_000 } };
        await (0, during_1.during)(stage, 'saga | redis', bounds, async () => {
            stage.system.links.sagaRedis.behave({ isSilent: true });
            await stage.wait(partedMs);
            stage.system.links.sagaRedis.heal();
        });
        await stage.wait(5_000);
        await (0, during_1.during)(stage, 'saga | kafka', bounds, () => frozenBroker(stage, 'saga', partedMs));
        await stage.wait(5_000);
        await (0, during_1.during)(stage, 'api | kafka', bounds, () => frozenBroker(stage, 'command-api', partedMs));
    },
};
exports.networkScenarios = [slowLinks, everyLink, partitions];
//# sourceMappingURL=network.js.map