/** A command as a document shows it. */
export interface DocumentedCommand {
  readonly document: string;
  readonly command: string;
}

const fence = /^```(?:sh|bash)\n(.*?)^```/gms;
const inlineCommand = /`((?:make|npx flash-sale|docker compose|kubectl|python3|curl|promtool) [^`\n]+)`/g;
/** What follows two spaces and a hash says what the command does. */
const remark = /\s{2,}#.*$/;

const linesOf = (block: string): readonly string[] =>
  block
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(remark, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

/** Every command of a document, in the order it is read: shell blocks line by line, and commands within sentences. */
export const commandsOf = (document: string, markdown: string): readonly DocumentedCommand[] => {
  const found: { readonly at: number; readonly command: string }[] = [];
  for (const match of markdown.matchAll(fence)) {
    for (const command of linesOf(match[1] ?? '')) found.push({ at: match.index, command });
  }
  const prose = markdown.replaceAll(fence, (block) => ' '.repeat(block.length));
  for (const match of prose.matchAll(inlineCommand)) found.push({ at: match.index, command: match[1] ?? '' });
  found.sort((one, other) => one.at - other.at);
  const commands = [...new Set(found.map(({ command }) => command))];
  return commands.map((command) => ({ document, command }));
};
