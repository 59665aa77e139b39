"use strict";
/** Figures as people read them. */
Object.defineProperty(exports, "__esModule", { value: true });
exports.instant = exports.bar = exports.duration = exports.count = void 0;
const count = (value) => value.toLocaleString('en-US');
exports.count = count;
/** `850 ms`, `12.3 s`, `4 min`, `3 h`, `2 d`. */
const duration = (ms) => {
    if (ms < 1_000)
        return `${Math.round(ms)} ms`;
    if (ms < 60_000)
        return `${(ms / 1_000).toFixed(1)} s`;
    if (ms < 3_600_000)
        return `${Math.floor(ms / 60_000)} min`;
    return ms < 86_400_000 ? `${Math.floor(ms / 3_600_000)} h` : `${Math.floor(ms / 86_400_000)} d`;
};
exports.duration = duration;
/** `[######----]`: how much of `whole` is `part`. */
const bar = (part, whole, width) => {
    const share = whole <= 0 ? 0 : Math.min(1, Math.max(0, part / whole));
    // Something is never shown as nothing, and not everything never as everything.
    const rounded = Math.round(share * width);
    const filled = share > 0 && share < 1 ? Math.min(width - 1, Math.max(1, rounded)) : rounded;
    return `${'#'.repeat(filled)}${'-'.repeat(width - filled)}`;
};
exports.bar = bar;
/** `2026-05-01 12:00:00.123` of an RFC 3339 time, in UTC; `-` for none. */
const instant = (at) => at ? at.replace('T', ' ').replace(/Z$/, '') : '-';
exports.instant = instant;
//# sourceMappingURL=figures.js.map