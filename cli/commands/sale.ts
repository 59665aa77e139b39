import type { Command } from 'commander';
import type { AddCommand, Run } from '../context';
import { examples } from '../examples';
import { exitCodes } from '../exit';
import { instant } from '../render/figures';
import type { Item } from '../render/items';
import { harmless } from '../render/paint';
import { table } from '../render/table';
import { order, orderedBy, withReason, type CommandOptions } from './stock';

const actions = {
  open: 'Sell the item from now on, whatever was scheduled',
  pause: 'Stop selling the item within a second; orders that were accepted before are decided',
  resume: 'Sell a paused item again',
  close: 'End the sale of the item; buyers are answered 410',
} as const;

type Action = keyof typeof actions;

const addShow = (sale: Command, run: Run): void => {
  const command = sale
    .command('show <item>')
    .description('Show whether an item is on sale, and from when to when');
  command.action(async (itemId: string) =>
    run(command, async ({ api, terminal, json }) => {
      const item = (await api.get('queryApi', `/items/${encodeURIComponent(itemId)}`)) as Item;
      if (json) terminal.json({ item_id: item.item_id, sale: item.sale ?? null });
      else {
        const { state = 'OPEN', opens_at: opensAt = null, closes_at: closesAt = null } = item.sale ?? {};
        const columns = ['item', 'sale', 'opens at (UTC)', 'closes at (UTC)'].map((title) => ({ title }));
        const row = [harmless(item.item_id), state, instant(opensAt), instant(closesAt)];
        terminal.lines(table(columns, [row], terminal.paint));
      }
      return exitCodes.done;
    }),
  );
};

const addAction = (sale: Command, run: Run, action: Action): void => {
  const command = withReason(sale.command(action).description(actions[action]).argument('<item>'));
  examples(command, [[`flash-sale sale ${action} sneaker-red -r "as announced"`, '']]);
  command.action(async (item: string, options: CommandOptions) =>
    run(command, (context) =>
      order(context, '/commands/sale', {
        item_id: item,
        action,
        ...orderedBy(options),
      }),
    ),
  );
};

interface ScheduleOptions extends CommandOptions {
  readonly opensAt?: string;
  readonly closesAt?: string;
}

const addSchedule = (sale: Command, run: Run): void => {
  const command = withReason(
    sale
      .command('schedule')
      .description('Sell the item from a time, until a time, or both; too early buyers are answered 425')
      .argument('<item>')
      .option('--opens-at <time>', 'such as 2026-11-27T12:00:00Z')
      .option('--closes-at <time>', 'such as 2026-11-27T18:00:00Z'),
  );
  examples(command, [
    [
      'flash-sale sale schedule sneaker-red --opens-at 2026-11-27T12:00:00Z -r "as announced"',
      'from noon on',
    ],
  ]);
  command.action(async (item: string, options: ScheduleOptions) =>
    run(command, (context) =>
      order(context, '/commands/sale', {
        item_id: item,
        action: 'schedule',
        ...(options.opensAt === undefined ? {} : { opens_at: options.opensAt }),
        ...(options.closesAt === undefined ? {} : { closes_at: options.closesAt }),
        ...orderedBy(options),
      }),
    ),
  );
};

/** `sale …`: when an item is sold. Every change is an event, effective within a second. */
export const addSale: AddCommand = (program, run) => {
  const sale = program
    .command('sale')
    .description('Open, pause, resume, close or schedule the sale of an item');
  addShow(sale, run);
  for (const action of Object.keys(actions) as readonly Action[]) addAction(sale, run, action);
  addSchedule(sale, run);
};
