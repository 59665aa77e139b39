"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.earlierVerdict = exports.isSameProgram = void 0;
const node_child_process_1 = require("node:child_process");
const results_1 = require("./results");
const shipped_folders_1 = require("./shipped-folders");
/** What a run runs: the services, the servers below them, and what breaks and judges them. */
const program = [
    ...shipped_folders_1.shippedFolders,
    'stack',
    'tests/chaos',
    'tests/checker',
    'tests/processes',
    'tests/support',
    'package-lock.json',
    'tsconfig.json',
];
const besides = [':(exclude)*.md', ':(exclude)*.test.ts', ':(exclude)tests/checker/test_*'];
/** Whether two commits hold the same program: results, pages, benches and tests may be committed between two sittings. */
const isSameProgram = (root, commit) => {
    try {
        (0, node_child_process_1.execFileSync)('git', ['diff', '--quiet', commit, 'HEAD', '--', ...program, ...besides], {
            cwd: root,
            stdio: 'ignore',
        });
        return true;
    }
    catch {
        return false;
    }
};
exports.isSameProgram = isSameProgram;
/** The verdict that an earlier sitting came to for the same run of the same program; one that could not tell is none. */
const earlierVerdict = (results, { scenario, seed, seconds, ordersPerSecond }, isSame) => results.findLast((line) => line.scenario === scenario &&
    line.seed === seed &&
    line.seconds === seconds &&
    line.ordersPerSecond === ordersPerSecond &&
    (0, results_1.isJudged)(line) &&
    isSame(line.commit));
exports.earlierVerdict = earlierVerdict;
//# sourceMappingURL=resume.js.map