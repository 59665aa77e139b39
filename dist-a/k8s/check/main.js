"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const node_path_1 = require("node:path");
const project_root_1 = require("../../stack/project-root");
const check_overlays_1 = require("./check-overlays");
const kustomize_1 = require("./kustomize");
/** Exit codes: 0 all overlays are valid, 1 a fault, 2 kustomize is missing. */
const main = () => {
    const root = (0, project_root_1.projectRoot)();
    const kustomize = (0, kustomize_1.findKustomize)((0, node_path_1.join)(root, '.stack', 'tools'));
    if (kustomize.kind === 'missing') {
        console.error(kustomize.reason);
        return 2;
    }
    const k8s = (0, node_path_1.join)(root, 'k8s');
    const checked = (0, check_overlays_1.checkOverlays)((0, check_overlays_1.buildOverlays)(kustomize, k8s), k8s);
    for (const { overlay, objects, problems } of checked) {
        console.log(`${problems.length === 0 ? 'valid  ' : 'FAULTY '} ${overlay} (${objects} objects)`);
        for (const { where, what } of problems)
            console.log(`  ${where}: ${what}`);
    }
    return checked.some(({ problems }) => problems.length > 0) ? 1 : 0;
};
try {
    process.exitCode = main();
}
catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
}
//# sourceMappingURL=main.js.map