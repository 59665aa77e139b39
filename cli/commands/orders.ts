import { Option, type Command } from 'commander';
import type { AddCommand, Context } from '../context';
import { examples } from '../examples';
import { exitCodes, type ExitCode } from '../exit';
import { stuckLines, type StuckOrder } from '../render/stuck-orders';
import { wholeNumber } from './stock';

interface OrdersOptions {
  readonly olderThan: string;
  readonly limit: number;
}

interface Page {
  readonly orders: readonly StuckOrder[];
  readonly next_cursor: string | null;
}

const pageMax = 100;

const listOrders = async ({ api }: Context, { olderThan, limit }: OrdersOptions): Promise<Page> => {
  const orders: StuckOrder[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({
      state: 'PENDING',
      older_than: olderThan,
      limit: String(Math.min(pageMax, limit - orders.length)),
      ...(cursor === null ? {} : { cursor }),
    });
    const page = (await api.get('queryApi', `/admin/orders?${query.toString()}`)) as Page;
    orders.push(...page.orders);
    cursor = page.next_cursor;
  } while (cursor !== null && orders.length < limit);
  return { orders, next_cursor: cursor };
};

const show = async (context: Context, options: OrdersOptions): Promise<ExitCode> => {
  const page = await listOrders(context, options);
  const { terminal, json } = context;
  if (json) terminal.json(page);
  else {
    terminal.lines(stuckLines(page.orders, terminal.paint));
    if (page.next_cursor !== null) terminal.say('There are more: --limit shows them.');
  }
  return page.orders.length === 0 ? exitCodes.done : exitCodes.no;
};

/** `orders`: what was accepted and has no outcome, and what it waits for. */
export const addOrders: AddCommand = (program, run) => {
  const command: Command = program
    .command('orders')
    .description(
      'List orders that wait for their outcome for too long, oldest first, and what each waits for',
    )
    .option('--older-than <time>', 'accepted at least this long ago', '30s')
    .addOption(new Option('-n, --limit <count>', 'how many').argParser(wholeNumber).default(50));
  examples(
    command,
    [
      ['flash-sale orders --older-than 60s', 'what the alert OrdersOverdue counts'],
      ['flash-sale orders --json | jq .orders[].step', 'for a script'],
    ],
    ['Ends with 0 when no order waits that long, and with 1 when some do.'],
  );
  command.action(async (options: OrdersOptions) => run(command, (context) => show(context, options)));
};
