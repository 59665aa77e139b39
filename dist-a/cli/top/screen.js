"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.openScreen = void 0;
const enter = '\u001b[?1049h\u001b[?25l';
const leave = '\u001b[?25h\u001b[?1049l';
/**
 * The terminal's second page, so that what stood on the first is back afterwards. A frame is one write that goes over
 * the frame before line by line and clears only what is left of each: nothing is ever blank, so nothing flickers.
 */
const openScreen = (out) => {
    out.write(enter);
    return {
        draw: (lines) => void out.write(`\u001b[H${lines.map((line) => `${line}\u001b[K`).join('\r\n')}\u001b[J`),
        close: () => void out.write(leave),
    };
};
exports.openScreen = openScreen;
//# sourceMappingURL=screen.js.map