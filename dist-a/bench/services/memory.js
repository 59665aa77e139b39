"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.memoryOf = void 0;
const node_fs_1 = require("node:fs");
const kibibytesOf = (status, field) => Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
/** Resident memory of a process now and at its highest, in MiB. Linux only; zeros elsewhere. */
const memoryOf = (pid) => {
    try {
        const status = (0, node_fs_1.readFileSync)(`/proc/${pid}/status`, 'utf8');
        const mebibytes = (field) => Math.round(kibibytesOf(status, field) / 1024);
        return { nowMiB: mebibytes('VmRSS'), peakMiB: mebibytes('VmHWM') };
    }
    catch {
        return { nowMiB: 0, peakMiB: 0 };
    }
};
exports.memoryOf = memoryOf;
//# sourceMappingURL=memory.js.map