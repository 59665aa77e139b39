import type { Command } from 'commander';
import { exitCodes } from './exit';
import { createProgram } from './program';
import { createTerminal } from './terminal';

const nowhere = { write: (): void => undefined };

const helpOf = (command: Command): string => {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 110 });
  command.outputHelp();
  return text.trim();
};

const nameOf = (command: Command): string =>
  command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();

const sections = (command: Command, depth: number): readonly string[] => [
  `${'#'.repeat(depth)} ${nameOf(command)}`,
  `\`\`\`\n${helpOf(command)}\n\`\`\``,
  ...command.commands.flatMap((child) => sections(child, Math.min(4, depth + 1))),
];

const meanings: readonly (readonly [code: number, meaning: string])[] = [
  [exitCodes.done, 'done, or the answer is yes'],
  [exitCodes.no, 'the answer is no: not found, refused, differences, not well'],
  [exitCodes.couldNot, 'it could not be done or told: a server does not answer, a token is missing'],
  [exitCodes.usage, 'wrong usage'],
  [exitCodes.interrupted, 'interrupted'],
];

/** As prettier lays it out. */
const exitTable = (): string => {
  const width = Math.max(...meanings.map(([, meaning]) => meaning.length));
  const row = (code: string, meaning: string): string => `| ${code.padEnd(9)} | ${meaning.padEnd(width)} |`;
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
export const referencePage = (): string => {
  const program = createProgram({
    terminal: createTerminal(nowhere, nowhere, undefined),
    environment: {},
    root: '.',
    keyboard: { listen: () => undefined },
    signal: new AbortController().signal,
    end: () => undefined,
  });
  return `${[intro, ...sections(program, 2)].join('\n\n')}\n`;
};
