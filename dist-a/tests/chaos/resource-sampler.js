"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.startResourceSampler = void 0;
const node_fs_1 = require("node:fs");
const everyMs = 2_000;
/** Only Linux says; elsewhere nothing is sampled. */
const resourcesOf = (process) => {
    const { pid, name } = process;
    if (pid === undefined)
        return undefined;
    try {
        const status = (0, node_fs_1.readFileSync)(`/proc/${pid}/status`, 'utf8');
        const rssKb = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
        const descriptors = (0, node_fs_1.readdirSync)(`/proc/${pid}/fd`).length;
        return { process: name, pid, at: Date.now(), rssMb: Math.round(rssKb / 102.4) / 10, descriptors };
    }
    catch {
        return undefined;
    }
};
/** Notes memory and open descriptors of every instance; gives back what stops it. */
const startResourceSampler = (processes, folder) => {
    const timer = setInterval(() => {
        for (const process of processes()) {
            const resources = resourcesOf(process);
            if (resources)
                folder.append('resources', resources);
        }
    }, everyMs);
    return () => clearInterval(timer);
};
exports.startResourceSampler = startResourceSampler;
//# sourceMappingURL=resource-sampler.js.map