"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.diskScenarios = void 0;
const during_1 = require("./during");
const fullMs = 8_000;
const fullDisk = async (stage, name) => {
    const disk = stage.system.stack.disks.get(name);
    if (!disk)
        throw new Error(`${name} has no disk of its own`);
    disk.fill();
    await stage.wait(fullMs);
    disk.free();
};
/** PostgreSQL is left out: without space for its log it ends, as in F15. */
const disksAreFull = {
    id: 'F22',
    title: 'the disk of Redis is full for 8 s, then that of Kafka, which ends and is started again',
    bound: 'nothing accepted is lost; orders are accepted while Redis cannot write; all caught up within 60 s',
    ordersPerSecond: 60,
    coolDownMs: 15_000,
    settleMs: 90_000,
    mayExitWith: [70, 72],
    diskMb: { redis: 64, kafka: 256 },
    act: async (stage) => {
        const sinceHeal = { accepting_ms: 15_000, caught_up_ms: 60_000 };
        const bounds = { sinceFault: { accepting_ms: 3_000 }, sinceHeal };
        await (0, during_1.during)(stage, 'the disk of redis is full', bounds, () => fullDisk(stage, 'redis'));
        await stage.wait(8_000);
        await (0, during_1.during)(stage, 'the disk of kafka is full', { sinceHeal }, async () => {
            await fullDisk(stage, 'kafka');
            const { kafka } = stage.system.stack;
            await kafka.kill('SIGKILL');
            await kafka.start();
        });
    },
};
exports.diskScenarios = [disksAreFull];
//# sourceMappingURL=disks.js.map