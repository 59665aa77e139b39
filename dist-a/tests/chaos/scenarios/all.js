"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.smokeSet = exports.scenarioNamed = exports.scenarios = void 0;
const calm_1 = require("./calm");
const clocks_and_limits_1 = require("./clocks-and-limits");
const dependencies_1 = require("./dependencies");
const disks_1 = require("./disks");
const in_sequence_1 = require("./in-sequence");
const kafka_1 = require("./kafka");
const log_input_1 = require("./log-input");
const logs_1 = require("./logs");
const network_1 = require("./network");
const postgres_1 = require("./postgres");
const processes_1 = require("./processes");
const random_nemesis_1 = require("./random-nemesis");
const rebuild_1 = require("./rebuild");
const redis_1 = require("./redis");
/** Every scenario; `minutes` is how long the random one lasts. */
const scenarios = (minutes) => [
    calm_1.calm,
    ...processes_1.processScenarios,
    ...kafka_1.kafkaScenarios,
    ...redis_1.redisScenarios,
    ...postgres_1.postgresScenarios,
    ...dependencies_1.dependencyScenarios,
    ...network_1.networkScenarios,
    ...log_input_1.logScenarios,
    ...clocks_and_limits_1.limitScenarios,
    ...rebuild_1.rebuildScenarios,
    ...logs_1.logReaderScenarios,
    ...disks_1.diskScenarios,
    (0, random_nemesis_1.randomNemesis)(minutes),
];
exports.scenarios = scenarios;
const scenarioNamed = (name, minutes) => (0, exports.scenarios)(minutes).find(({ id }) => id.toLowerCase() === name.toLowerCase());
exports.scenarioNamed = scenarioNamed;
/** What `make test-chaos` runs: twelve scenarios on three systems, as each system takes a minute to start and to judge. */
const smokeSet = () => {
    const smoke = (0, exports.scenarios)(1).filter(({ isSmoke }) => isSmoke === true);
    const together = smoke.filter((one) => !(0, in_sequence_1.needsOwnSystem)(one));
    const half = Math.ceil(together.length / 2);
    return [
        ...smoke.filter(in_sequence_1.needsOwnSystem),
        (0, in_sequence_1.inSequence)(together.slice(0, half)),
        (0, in_sequence_1.inSequence)(together.slice(half)),
    ];
};
exports.smokeSet = smokeSet;
//# sourceMappingURL=all.js.map