"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createProgress = exports.createTerminal = void 0;
const paint_1 = require("./render/paint");
/** `NO_COLOR` holds with any value but the empty one (no-color.org). */
const createTerminal = (out, err, noColor) => ({
    out,
    err,
    paint: out.isTTY === true && (noColor ?? '') === '' ? paint_1.coloured : paint_1.plain,
    width: out.isTTY === true ? (out.columns ?? 80) : 120,
    lines: (lines) => {
        if (lines.length > 0)
            out.write(`${lines.join('\n')}\n`);
    },
    json: (value) => void out.write(`${JSON.stringify(value, null, 2)}\n`),
    say: (text) => void err.write(`${text}\n`),
});
exports.createTerminal = createTerminal;
const plainEveryMs = 5_000;
const createProgress = (err, nowMs = () => performance.now()) => {
    let isOpen = false;
    let saidAtMs = -Infinity;
    let said = '';
    return {
        show: (text) => {
            if (err.isTTY === true) {
                err.write(`\r\u001b[K${text}`);
                isOpen = true;
            }
            else if (text !== said && nowMs() - saidAtMs >= plainEveryMs) {
                err.write(`${text}\n`);
                saidAtMs = nowMs();
                said = text;
            }
        },
        end: () => {
            if (isOpen)
                err.write('\r\u001b[K');
            isOpen = false;
        },
    };
};
exports.createProgress = createProgress;
//# sourceMappingURL=terminal.js.map