"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.referencePage = void 0;
const exit_1 = require("./exit");
const program_1 = require("./program");
const terminal_1 = require("./terminal");
const nowhere = { write: () => undefined };
const helpOf = (command) => {
    let text = '';
    command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 110 });
    command.outputHelp();
    return text.trim();
};
const nameOf = (command) => command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
const sections = (command, depth) => [
    `${'#'.repeat(depth)} ${nameOf(command)}`,
    `\`\`\`\n${helpOf(command)}\n\`\`\``,
    ...command.commands.flatMap((child) => sections(child, Math.min(4, depth + 1))),
];
const meanings = [
    [exit_1.exitCodes.done, 'done, or the answer is yes'],
    [exit_1.exitCodes.no, 'the answer is no: not found, refused, differences, not well'],
    [exit_1.exitCodes.couldNot, 'it could not be done or told: a server does not answer, a token is missing'],
    [exit_1.exitCodes.usage, 'wrong usage'],
    [exit_1.exitCodes.interrupted, 'interrupted'],
];
/** As prettier lays it out. */
const exitTable = () => {
    const width = Math.max(...meanings.map(([, meaning]) => meaning.length));
    const row = (code, meaning) => `| ${code.padEnd(9)} | ${meaning.padEnd(width)} |`;
    return [
        row('exit code', 'meaning'),
        `| ${'-'.repeat(9)} | ${'-'.repeat(width)} |`,
        ...meanings.map(([code, meaning]) => row(String(code), meaning)),
    ].join('\n');
};
const intro = `# The command line

Written by \`make generate\` from the help texts of \`npx flash-sale\`; edit those, not this page.

In a checkout: \`make build\`, then \`npx flash-sale …\`. In a container of the image: \`node dist/cli/main.js …\`.

${exitTable()}`;
/** `docs/cli.md`: every help text, so that the page and the program cannot disagree. */
const referencePage = () => {
    const program = (0, program_1.createProgram)({
        terminal: (0, terminal_1.createTerminal)(nowhere, nowhere, undefined),
        environment: {},
        root: '.',
        keyboard: { listen: () => undefined },
        signal: new AbortController().signal,
        end: () => undefined,
    });
    return `${[intro, ...sections(program, 2)].join('\n\n')}\n`;
};
exports.referencePage = referencePage;
//# sourceMappingURL=reference-page.js.map