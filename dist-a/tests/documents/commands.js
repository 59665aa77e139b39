"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.commandsOf = void 0;
const fence = /^```(?:sh|bash)\n(.*?)^```/gms;
/** May go over the end of one line. */
const inlineCode = /`([^`\n]+(?:\n[^`\n]+)?)`/g;
/** May begin with variables. */
const callOfProgram = /^(?:[A-Z_]+=\S+ )*(?:node dist\/\S|(?:make|npx flash-sale|npx jest|docker compose|kubectl|python3|curl|promtool) \S)/;
/** What follows two spaces and a hash says what the command does. */
const remark = /\s{2,}#.*$/;
const linesOf = (block) => {
    const lines = block
        .replaceAll(/\\\n\s*/g, '')
        .split('\n')
        .map((line) => line.replace(remark, '').trim());
    return lines.flatMap((command, index) => {
        if (command === '' || command.startsWith('#'))
            return [];
        const [, answer] = /^# (\{.*)$/.exec(lines[index + 1] ?? '') ?? [];
        return [{ command, ...(answer !== undefined && { answer }) }];
    });
};
/** Every command of a document, in the order it is read: shell blocks line by line, and commands within sentences. */
const commandsOf = (document, markdown) => {
    const found = [];
    for (const match of markdown.matchAll(fence)) {
        for (const line of linesOf(match[1] ?? ''))
            found.push({ at: match.index, ...line });
    }
    const prose = markdown.replaceAll(fence, (block) => ' '.repeat(block.length));
    for (const match of prose.matchAll(inlineCode)) {
        const command = (match[1] ?? '').replaceAll(/\s+/g, ' ');
        if (callOfProgram.test(command))
            found.push({ at: match.index, command });
    }
    found.sort((one, other) => one.at - other.at);
    return found
        .filter(({ command }, index) => found.findIndex((other) => other.command === command) === index)
        .map(({ at: _, ...line }) => ({ document, ...line }));
};
exports.commandsOf = commandsOf;
//# sourceMappingURL=commands.js.map