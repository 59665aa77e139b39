"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.examples = void 0;
/** Puts examples below a command's options: people read those first. `notes` are the lines of a paragraph below. */
const examples = (command, lines, notes = []) => {
    const shown = lines.map(([call, does]) => `  ${call}\n      ${does}`);
    return command.addHelpText('after', ['', 'Examples:', ...shown, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n'));
};
exports.examples = examples;
//# sourceMappingURL=examples.js.map