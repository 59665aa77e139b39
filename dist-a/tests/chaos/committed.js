"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.keepResults = exports.plotsOf = exports.committedFolder = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const results_1 = require("./planted/results");
const results_2 = require("./results");
/** Results that are kept with the code: docs/chaos/results.jsonl and planted.jsonl. The page is made of them alone. */
const committedFolder = (root) => (0, node_path_1.join)(root, 'docs', 'chaos');
exports.committedFolder = committedFolder;
/** Memory of a short run says nothing: a process has to live for five minutes. */
const growthsFromSeconds = 300;
const worthKeeping = ({ growths, ...line }) => growths && (line.seconds ?? 0) >= growthsFromSeconds ? { ...line, growths } : line;
const append = (file, lines) => {
    if (lines.length > 0)
        (0, node_fs_1.appendFileSync)(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
};
const missing = (from, known, name) => {
    const names = new Set(known.map(name));
    return from.filter((line) => !names.has(name(line)));
};
const nameOfRun = ({ scenario, seed, at }) => `${scenario} ${seed} ${at}`;
const nameOfHunt = ({ name, seed, at }) => `${name} ${seed} ${at}`;
/** Of these the last plot stands in the page. */
const plotted = ['random', 'F12', 'F7'];
const plotOf = (scenario) => `chaos-${scenario}.svg`;
/** The plots that are kept beside the page. */
const plotsOf = (root) => plotted
    .filter((id) => (0, node_fs_1.existsSync)((0, node_path_1.join)(root, 'docs', 'images', plotOf(id))))
    .map((id) => ({ title: `Timeline of the last run of ${id}`, address: `images/${plotOf(id)}` }));
exports.plotsOf = plotsOf;
const keepPlots = (root, folder, results) => {
    for (const id of plotted) {
        const last = results.findLast(({ scenario }) => scenario === id);
        const plot = last && (0, node_path_1.join)(folder, `${id}-${last.seed}`, 'plot.svg');
        if (plot !== undefined && (0, node_fs_1.existsSync)(plot))
            (0, node_fs_1.copyFileSync)(plot, (0, node_path_1.join)(root, 'docs', 'images', plotOf(id)));
    }
};
/** Adds what a folder holds and is not kept yet; gives back how many lines. */
const keepResults = (root, folder) => {
    const kept = (0, exports.committedFolder)(root);
    (0, node_fs_1.mkdirSync)(kept, { recursive: true });
    const runs = missing((0, results_2.readResults)(folder), (0, results_2.readResults)(kept), nameOfRun).map(worthKeeping);
    const hunts = missing((0, results_1.readPlantedLines)(folder), (0, results_1.readPlantedLines)(kept), nameOfHunt);
    append((0, node_path_1.join)(kept, results_2.resultsFile), runs);
    append((0, node_path_1.join)(kept, results_1.plantedFile), hunts);
    keepPlots(root, folder, runs);
    return runs.length + hunts.length;
};
exports.keepResults = keepResults;
//# sourceMappingURL=committed.js.map