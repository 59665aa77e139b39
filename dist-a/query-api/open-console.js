"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.openConsole = void 0;
const topics_1 = require("../schemas/topics");
const console_hub_1 = require("./console-hub");
const console_pipeline_1 = require("./console-pipeline");
const console_snapshot_1 = require("./console-snapshot");
const letter_figures_1 = require("./letter-figures");
const paced_1 = require("./paced");
const watch_processes_1 = require("./watch-processes");
/** People who look at one process's console at once. */
const watchersMax = 100;
const openConsole = (db, reading, { health, addresses }) => {
    const processes = (0, watch_processes_1.watchProcesses)(addresses, () => performance.now());
    const pipeline = {
        processes,
        health: () => health.report(),
        outcomesBehind: () => reading.lag.behind(topics_1.topics.orderOutcomes.name),
    };
    const lagMs = () => {
        const behind = reading.lag.behind();
        return behind && Math.round(behind.lagMs);
    };
    const letters = (0, paced_1.paced)(() => (0, letter_figures_1.readLetterFigures)(db), () => performance.now());
    return new console_hub_1.ConsoleHub({
        watchersMax,
        take: () => (0, console_snapshot_1.takeSnapshot)({
            db,
            letters,
            lagMs,
            isListening: () => reading.feed.isListening,
            pipeline: () => (0, console_pipeline_1.takePipeline)(pipeline),
            takeDecided: () => reading.decided.take(),
            clock: Date.now,
        }),
    });
};
exports.openConsole = openConsole;
//# sourceMappingURL=open-console.js.map