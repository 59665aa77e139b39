import type { Command } from 'commander';

/** A call and what it is for. */
export type Example = readonly [call: string, does: string];

/** Puts examples below a command's options: people read those first. `notes` are the lines of a paragraph below. */
export const examples = (
  command: Command,
  lines: readonly Example[],
  notes: readonly string[] = [],
): Command => {
  const shown = lines.map(([call, does]) => `  ${call}\n      ${does}`);
  return command.addHelpText(
    'after',
    ['', 'Examples:', ...shown, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n'),
  );
};
