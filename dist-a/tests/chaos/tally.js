"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.tallyOf = exports.outcomeOf = void 0;
const results_1 = require("./results");
const outcomeOf = ({ verdict, anomalies, error }) => {
    if (error !== undefined)
        return `NO VERDICT: ${error}`;
    const found = Object.entries(anomalies).map(([name, count]) => `${name} (${count})`);
    return found.length > 0 ? found.join(', ') : verdict;
};
exports.outcomeOf = outcomeOf;
/** What is said after the last run: how many were good, and of each other one what was found and how to see it again. */
const tallyOf = (results) => {
    const bad = results.filter(({ verdict }) => verdict !== 'clean');
    const held = results.filter(results_1.holds).length;
    return [
        `${results.length - bad.length} of ${results.length} runs are clean; every invariant held in ${held}`,
        ...bad.map((one) => `  ${one.scenario} seed ${one.seed}: ${(0, exports.outcomeOf)(one)}`),
    ];
};
exports.tallyOf = tallyOf;
//# sourceMappingURL=tally.js.map