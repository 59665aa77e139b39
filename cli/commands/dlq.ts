import { Option, type Command } from 'commander';
import type { AddCommand, Context, Run } from '../context';
import { examples } from '../examples';
import { exitCodes } from '../exit';
import { groupLines, letterDetailLines, letterLines } from '../letters/letter-lines';
import type { Letter, LetterDetail, LetterGroup } from '../letters/letters';
import { filterOf, queryOf, withFilter, type FilterOptions } from '../letters/letter-filter';
import { addLetterCommands } from './dlq-commands';
import { wholeNumber } from './stock';

interface Page {
  readonly letters: readonly Letter[];
  readonly next_cursor: string | null;
}

const pageMax = 100;

const listLetters = async (
  { api }: Context,
  filter: Readonly<Record<string, string>>,
  most: number,
): Promise<Page> => {
  const letters: Letter[] = [];
  let cursor: string | null = null;
  do {
    const limit = String(Math.min(pageMax, most - letters.length));
    const after: Readonly<Record<string, string>> = cursor === null ? {} : { cursor };
    const page = (await api.get('queryApi', `/admin/dlq${queryOf(filter, { limit, ...after })}`)) as Page;
    letters.push(...page.letters);
    cursor = page.next_cursor;
  } while (cursor !== null && letters.length < most);
  return { letters, next_cursor: cursor };
};

const addList = (dlq: Command, run: Run): void => {
  const command = withFilter(dlq.command('list').description('List letters, newest first')).addOption(
    new Option('-n, --limit <count>', 'how many').argParser(wholeNumber).default(50),
  );
  examples(command, [
    ['flash-sale dlq list --state PARKED,FAILED_AGAIN', 'what somebody must look at'],
    ['flash-sale dlq list --reason UNDECODABLE --json', 'for a script'],
  ]);
  command.action(async (options: FilterOptions & { readonly limit: number }) =>
    run(command, async (context) => {
      const page = await listLetters(context, filterOf(options), options.limit);
      const { terminal, json } = context;
      if (json) terminal.json(page);
      else {
        terminal.lines(letterLines(page.letters, Date.now(), terminal.paint));
        if (page.next_cursor !== null) terminal.say('There are more: --limit shows them.');
      }
      return exitCodes.done;
    }),
  );
};

const addShow = (dlq: Command, run: Run): void => {
  const command = dlq
    .command('show <id>')
    .description('Show a letter with its bytes, what they say, and what was done about it');
  examples(command, [['flash-sale dlq show order-requests:3:120', 'the id is the place of the original']]);
  command.action(async (id: string) =>
    run(command, async ({ api, terminal, json }) => {
      const letter = (await api.get('queryApi', `/admin/dlq/${encodeURIComponent(id)}`)) as LetterDetail;
      if (json) terminal.json(letter);
      else terminal.lines(letterDetailLines(letter, terminal.paint));
      return exitCodes.done;
    }),
  );
};

const addGroups = (dlq: Command, run: Run): void => {
  const command = withFilter(dlq.command('groups').description('Count letters by what made them fail'));
  command.action(async (options: FilterOptions) =>
    run(command, async ({ api, terminal, json }) => {
      const path = `/admin/dlq/groups${queryOf(filterOf(options))}`;
      const body = (await api.get('queryApi', path)) as { readonly groups: readonly LetterGroup[] };
      if (json) terminal.json(body);
      else terminal.lines(groupLines(body.groups, Date.now(), terminal.paint));
      return exitCodes.done;
    }),
  );
};

/** `dlq …`: what could not be processed, and what is done about it. */
export const addDlq: AddCommand = (program, run) => {
  const dlq = program
    .command('dlq')
    .description('Look at dead letters, process them again or put them aside');
  addList(dlq, run);
  addGroups(dlq, run);
  addShow(dlq, run);
  addLetterCommands(dlq, run);
};
