"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.plantedBugs = void 0;
const all_1 = require("../scenarios/all");
const processes_1 = require("../scenarios/processes");
const known = (id) => {
    const scenario = (0, all_1.scenarioNamed)(id, 1);
    if (!scenario)
        throw new Error(`there is no scenario ${id}`);
    return scenario;
};
const decidedTwice = ['terminal-conflict', 'redis-divergence', 'oversell', 'double-charge'];
const plantedBugs = () => [
    {
        name: 'acknowledges-before-producing',
        role: 'command-api',
        scenario: known('F1'),
        foundAs: ['lost-write'],
    },
    {
        name: 'commits-before-deciding',
        role: 'saga',
        scenario: known('F2s'),
        foundAs: ['poll-skip'],
    },
    { name: 'forgets-refusals', role: 'saga', scenario: known('F24'), foundAs: decidedTwice },
    { name: 'expires-at-settlement', role: 'saga', scenario: known('F24'), foundAs: decidedTwice },
    // Its records expire long before the run's, which is a redis-divergence whatever it decides.
    { name: 'has-no-horizon', role: 'saga', scenario: known('F24'), foundAs: ['terminal-conflict'] },
    {
        name: 'writes-no-fence',
        role: 'saga',
        scenario: known('F12'),
        foundAs: ['fence-missing', 'terminal-conflict'],
    },
    {
        name: 'ignores-the-fence-after-the-acknowledgement',
        role: 'saga',
        scenario: known('F12'),
        foundAs: ['void-unresolved'],
    },
    {
        name: 'trusts-a-restarted-redis',
        role: 'saga',
        scenario: known('F11'),
        foundAs: ['redis-divergence', 'oversell', 'terminal-conflict'],
    },
    {
        name: 'one-payment-key-for-all-epochs',
        role: 'saga',
        scenario: known('F12l'),
        foundAs: ['charged-failed', 'refunded-completed', 'double-charge'],
    },
    {
        name: 'redis-client-resends',
        role: 'saga',
        scenario: known('F11'),
        foundAs: ['redis-divergence', 'oversell', 'terminal-conflict'],
    },
    {
        name: 'idempotent-overlapping-producer',
        role: 'command-api',
        scenario: known('F8'),
        foundAs: ['lost-write'],
    },
    {
        name: 'projector-skips-a-record',
        role: 'projector',
        scenario: known('calm'),
        foundAs: ['projection-divergence'],
    },
    {
        name: 'projector-without-compare-and-set',
        role: 'projector',
        scenario: (0, processes_1.sleepingProjector)('before-begin'),
        foundAs: ['projection-divergence'],
    },
    {
        name: 'registry-outage-is-poison',
        role: 'saga',
        scenario: known('F17u'),
        foundAs: ['dlq-wrong'],
    },
];
exports.plantedBugs = plantedBugs;
//# sourceMappingURL=bugs.js.map