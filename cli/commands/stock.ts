import { randomUUID } from 'node:crypto';
import { InvalidArgumentError, type Command } from 'commander';
import { actorOf, withActor, type ActorOptions } from '../actor';
import { examples } from '../examples';
import type { AddCommand, Context, Run } from '../context';
import { exitCodes, type ExitCode } from '../exit';
import { itemLines, type Item } from '../render/items';

export const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('It must be a whole number.');
  return value;
};

const limitOf = (text: string): number | null => (text === 'none' ? null : wholeNumber(text));

export interface CommandOptions extends ActorOptions {
  readonly reason: string;
  readonly commandId?: string;
}

/** Options of every operator's command: why, who, and what makes a repeat harmless. */
export const withReason = (command: Command): Command =>
  withActor(command.requiredOption('-r, --reason <text>', 'why; it stands in the log')).option(
    '--command-id <id>',
    'given again, the command is carried out once (default: a new one)',
  );

const pageMax = 100;

interface ItemsPage {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}

const allItems = async ({ api }: Context): Promise<readonly Item[]> => {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = (await api.get('queryApi', `/items?limit=${pageMax}${after}`)) as ItemsPage;
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return items;
};

const show = async (context: Context, itemId: string | undefined): Promise<ExitCode> => {
  const { api, terminal, json } = context;
  if (itemId === undefined) {
    const items = await allItems(context);
    if (json) terminal.json({ items });
    else terminal.lines(itemLines(items, terminal.paint));
    return exitCodes.done;
  }
  const item = (await api.get('queryApi', `/items/${encodeURIComponent(itemId)}`)) as Item;
  if (json) terminal.json(item);
  else terminal.lines(itemLines([item], terminal.paint));
  return exitCodes.done;
};

/** Sends an operator's command and says that the log has it. */
export const order = async (
  { api, terminal, json }: Context,
  path: string,
  body: Readonly<Record<string, unknown>>,
): Promise<ExitCode> => {
  const answer = await api.command('commandApi', path, body);
  if (json) terminal.json(answer);
  else {
    const { position, command_id: commandId } = answer as { position?: string; command_id?: string };
    terminal.lines([
      `accepted: in the log at ${position ?? 'a place it did not say'} (command ${commandId ?? '-'})`,
    ]);
  }
  return exitCodes.done;
};

/** The members of every operator's command: why, who, and what makes a repeat harmless. */
export const orderedBy = (options: CommandOptions): Readonly<Record<string, string>> => ({
  reason: options.reason,
  command_id: options.commandId ?? randomUUID(),
  actor: actorOf(options),
});

const addShow = (stock: Command, run: Run): void => {
  const command = stock
    .command('show [item]')
    .description('Show what is stocked, sold, pending and left, of one item or all');
  examples(command, [['flash-sale stock show', 'all items']]);
  command.action(async (item: string | undefined) => run(command, (context) => show(context, item)));
};

const addAdd = (stock: Command, run: Run): void => {
  const command = withReason(
    stock
      .command('add')
      .description('Add units to an item; a negative number takes out what is neither sold nor reserved')
      .argument('<item>')
      .argument('<units>', '', wholeNumber),
  );
  examples(command, [
    ['flash-sale stock add sneaker-red 100 -r "second delivery"', '100 more'],
    ['flash-sale stock add sneaker-red -r "damaged" -- -3', '3 fewer; -- ends the options'],
  ]);
  command.action(async (item: string, delta: number, options: CommandOptions) =>
    run(command, (context) =>
      order(context, '/commands/adjust-stock', {
        item_id: item,
        delta,
        ...orderedBy(options),
      }),
    ),
  );
};

const addSet = (stock: Command, run: Run): void => {
  const command = withReason(
    stock
      .command('set')
      .description(
        'Set how many units of an item are stocked in all, if nobody has changed it since you looked',
      )
      .argument('<item>')
      .argument('<units>', '', wholeNumber)
      .requiredOption('--expected-version <n>', 'the version that `stock show` names', wholeNumber),
  );
  examples(command, [
    ['flash-sale stock set sneaker-red 480 -r "counted" --expected-version 3', 'exactly 480, or nothing'],
  ]);
  command.action(
    async (item: string, quantity: number, options: CommandOptions & { readonly expectedVersion: number }) =>
      run(command, (context) =>
        order(context, '/commands/adjust-stock', {
          item_id: item,
          quantity,
          expected_version: options.expectedVersion,
          ...orderedBy(options),
        }),
      ),
  );
};

const addLimit = (stock: Command, run: Run): void => {
  const command = withReason(
    stock.command('limit').description('Set the most units that one buyer may have').argument('<item>'),
  ).argument('<units>', 'a number, or none', limitOf);
  examples(command, [
    ['flash-sale stock limit sneaker-red 2 -r "fair shares"', 'two pairs a buyer'],
    ['flash-sale stock limit sneaker-red none -r "last day"', 'no limit any more'],
  ]);
  command.action(async (item: string, unitsMax: number | null, options: CommandOptions) =>
    run(command, (context) =>
      order(context, '/commands/set-buyer-limit', {
        item_id: item,
        units_max: unitsMax,
        ...orderedBy(options),
      }),
    ),
  );
};

/** `stock …`: stock changes by commands that become events, and by nothing else. */
export const addStock: AddCommand = (program, run) => {
  const stock = program.command('stock').description('Show stock and change it; every change is an event');
  addShow(stock, run);
  addAdd(stock, run);
  addSet(stock, run);
  addLimit(stock, run);
};
