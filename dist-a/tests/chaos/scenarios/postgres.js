"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.postgresScenarios = void 0;
const pg_1 = require("pg");
const breaking_1 = require("./breaking");
const during_1 = require("./during");
const whileAway = {
    sinceFault: (0, during_1.goesOn)({ accepting: 2_000, deciding: 5_000 }),
    sinceHeal: { answering_ms: 5_000 },
};
const postgresRestart = {
    id: 'F15',
    title: 'PostgreSQL is restarted fast and by kill -9; a connection is reset during COMMIT',
    bound: 'no process ends; orders are accepted and decided meanwhile; queries within 5 s after it is back',
    isSmoke: true,
    act: async (stage) => {
        await (0, breaking_1.restartServer)(stage, 'postgres', {
            signals: ['SIGINT', 'SIGKILL'],
            bounds: whileAway,
            betweenMs: 3_000,
        });
        const link = stage.system.links.projectorPostgres;
        await (0, breaking_1.inRounds)(stage, {
            count: 3,
            name: 'COMMIT reply lost',
            lastMs: 2_000,
            hits: () => link.faults,
            begin: () => link.cutAtReply('commit', stage.random.integer(0, 4)),
            end: () => link.heal(),
        });
    },
};
const postgresLocked = {
    id: 'F16',
    title: 'somebody holds a lock on the orders view for 60 s',
    bound: 'orders are accepted and decided meanwhile; nobody ends',
    act: async (stage) => {
        const client = new pg_1.Client({ connectionString: stage.system.direct.DATABASE_URL });
        await client.connect();
        await (0, during_1.during)(stage, 'views.orders locked', whileAway, async () => {
            await client.query('begin');
            await client.query('lock table views.orders in access exclusive mode');
            await stage.wait(60_000);
            await client.query('rollback');
        });
        await client.end();
    },
};
exports.postgresScenarios = [postgresRestart, postgresLocked];
//# sourceMappingURL=postgres.js.map