import { Option } from 'commander';
import type { AddCommand } from '../context';
import { exitCodes } from '../exit';
import { orderLines, type Order, type TimelineEvent } from '../render/order';
import { examples } from '../examples';

interface OrderOptions {
  readonly wait?: string;
}

/** `order <id>`: what became of an order, and what the log says of it. */
export const addOrder: AddCommand = (program, run) => {
  const command = program
    .command('order <request-id>')
    .description('Show an order and its timeline: every record of it in the log, also what changed nothing')
    .addOption(new Option('--wait <time>', 'wait for the decision, such as 10s; 30s at most'));
  examples(command, [
    ['flash-sale order 7b4f', 'where it stands, and how it came there'],
    ['flash-sale order 7b4f --wait 10s', 'wait until it is decided'],
    ['flash-sale order 7b4f --json | jq -r .order.status', 'for a script'],
  ]);
  command.action(async (requestId: string, options: OrderOptions) =>
    run(command, async ({ api, terminal, json }) => {
      const path = `/orders/${encodeURIComponent(requestId)}`;
      const wait = options.wait === undefined ? '' : `?wait=${encodeURIComponent(options.wait)}`;
      const order = (await api.get('queryApi', `${path}${wait}`)) as Order;
      const { status, body } = await api.call('queryApi', `${path}/timeline`);
      // An order that was accepted a moment ago has no row yet.
      const events = status === 200 ? (body as { readonly events: readonly TimelineEvent[] }).events : [];
      if (json) terminal.json({ order, events });
      else terminal.lines(orderLines(order, events, terminal.paint));
      return exitCodes.done;
    }),
  );
};
