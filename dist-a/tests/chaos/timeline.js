"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createTimeline = void 0;
const createTimeline = (folder, print) => {
    const marks = [];
    const startedAtMs = performance.now();
    const mark = (event, name, bounds = {}) => {
        const one = { at: Date.now(), ms: performance.now(), event, name, bounds };
        marks.push(one);
        folder.append('timeline', one);
        print(`  ${((one.ms - startedAtMs) / 1000).toFixed(1).padStart(6)} s  ${event.padEnd(5)} ${name}`);
    };
    return {
        fault: (name, bounds) => mark('fault', name, bounds),
        heal: (name, bounds) => mark('heal', name, bounds),
        note: (name) => mark('note', name),
        marks: () => marks,
    };
};
exports.createTimeline = createTimeline;
//# sourceMappingURL=timeline.js.map