"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createProgressScreen = exports.progressLine = void 0;
const barWidth = 30;
const duration = (milliseconds) => {
    const seconds = Math.ceil(milliseconds / 1000);
    const minutes = Math.floor(seconds / 60);
    return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
};
/** `[##########--------------------]  34 %  61,204 events/s  326,000 left  6 s` */
const progressLine = ({ share, eventsPerSecond, etaMs, left }) => {
    const filled = Math.floor(share * barWidth);
    const bar = `${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}`;
    // Not 100 before it is done: a person reads that as finished.
    const percent = left === 0 ? 100 : Math.min(99, Math.floor(share * 100));
    const eta = etaMs === undefined ? 'no progress' : duration(etaMs);
    const rate = Math.round(eventsPerSecond).toLocaleString('en-US');
    return `[${bar}] ${String(percent).padStart(3)} %  ${rate} events/s  ${left.toLocaleString('en-US')} left  ${eta}`;
};
exports.progressLine = progressLine;
/** Rewrites one line on a terminal; elsewhere a line every few seconds, so that a log stays readable. */
const createProgressScreen = (out, everyMs = 5_000) => {
    let isOpen = false;
    let shownAtMs = -Infinity;
    const close = () => {
        if (isOpen)
            out.write('\n');
        isOpen = false;
    };
    return {
        show: (progress) => {
            const text = (0, exports.progressLine)(progress);
            if (out.isTTY === true) {
                out.write(`\r${text.padEnd(100)}`);
                isOpen = true;
                return;
            }
            if (performance.now() - shownAtMs < everyMs && progress.left > 0)
                return;
            shownAtMs = performance.now();
            out.write(`${text}\n`);
        },
        line: (text) => {
            close();
            out.write(`${text}\n`);
        },
    };
};
exports.createProgressScreen = createProgressScreen;
//# sourceMappingURL=progress-line.js.map