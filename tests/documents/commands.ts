/** A command as a document shows it. */
export interface DocumentedCommand {
  readonly document: string;
  readonly command: string;
}

const fence = /^```(?:sh|bash)\n(.*?)^```/gms;
/** May go over the end of one line. */
const inlineCode = /`([^`\n]+(?:\n[^`\n]+)?)`/g;
/** May begin with variables. */
const callOfProgram =
  /^(?:[A-Z_]+=\S+ )*(?:node dist\/\S|(?:make|npx flash-sale|npx jest|docker compose|kubectl|python3|curl|promtool) \S)/;
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
  for (const match of prose.matchAll(inlineCode)) {
    const command = (match[1] ?? '').replaceAll(/\s+/g, ' ');
    if (callOfProgram.test(command)) found.push({ at: match.index, command });
  }
  found.sort((one, other) => one.at - other.at);
  const commands = [...new Set(found.map(({ command }) => command))];
  return commands.map((command) => ({ document, command }));
};
