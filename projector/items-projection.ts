import type { ClientBase } from 'pg';
import type { ViewSchema } from '../migrations/views/view-shape';
import { InfrastructureError } from '../chassis/kafka/log';
import { viewsToday } from '../migrations/views/today';
import type { EventCodec } from '../schemas/codec';
import { moveOf, toReading, type Projection, type Written } from './batch';
import type { LoggedEvent } from './folded';
import { listOf, namesOf, toColumns, unnestOf } from './columns';
import type { ItemCommandRow, ItemStockRow } from '../migrations/tables';
import { foldCommands, type ItemCommand } from './item-commands';
import { readRecords, type ReportUndecodable } from './read-records';
import { viewTopics } from './view-topics';

const commandColumns = {
  command_id: 'text',
  event_type: 'text',
  item_id: 'text',
  delta: 'integer',
  units_max: 'integer',
  action: 'text',
  opens_at: 'bigint',
  closes_at: 'bigint',
  expected_version: 'bigint',
  reason: 'text',
  actor: 'text',
  commanded_at: 'bigint',
  appended_at: 'bigint',
  event_id: 'text',
  partition: 'integer',
  offset: 'bigint',
} as const satisfies Readonly<Record<keyof ItemCommandRow, string>>;

const stockColumns = {
  item_id: 'text',
  stocked: 'bigint',
  units_max: 'integer',
  adjusted_at: 'bigint',
  stock_version: 'bigint',
  sale_mode: 'text',
  opens_at: 'bigint',
  closes_at: 'bigint',
  sale_version: 'bigint',
} as const satisfies Readonly<Record<keyof ItemStockRow, string>>;

/** Of these commands, those that took effect in an earlier batch. */
const findKnown = async (
  client: ClientBase,
  schema: ViewSchema,
  commands: readonly ItemCommand[],
): Promise<ReadonlySet<string>> => {
  const { rows } = await client.query<{ command_id: string }>({
    name: `known-commands-${schema}`,
    text: `select command_id from ${schema}.item_commands where command_id = any ($1::text[])`,
    values: [commands.map(({ event }) => event.command_id)],
  });
  return new Set(rows.map(({ command_id }) => command_id));
};

/** The items as the commands find them. The batch holds their partitions' cursors, so nobody else writes them now. */
const findItems = async (
  client: ClientBase,
  schema: ViewSchema,
  commands: readonly ItemCommand[],
): Promise<readonly ItemStockRow[]> => {
  const { rows } = await client.query<ItemStockRow>({
    name: `items-before-${schema}`,
    text: `select ${listOf(stockColumns)} from ${schema}.item_stock where item_id = any ($1::text[])`,
    values: [commands.map(({ event }) => event.item_id)],
  });
  return rows;
};

/** @throws InfrastructureError when one of them is not new any more: the batch is then folded again. */
const insertNewCommands = async (
  client: ClientBase,
  schema: ViewSchema,
  commands: readonly ItemCommandRow[],
): Promise<void> => {
  const { rowCount } = await client.query({
    name: `item-commands-${schema}`,
    text: `insert into ${schema}.item_commands (${listOf(commandColumns)})
      select * from ${unnestOf(commandColumns)} on conflict do nothing`,
    values: toColumns(commands, namesOf(commandColumns)),
  });
  if (rowCount === commands.length) return;
  throw new InfrastructureError('another partition was given a command of the same command_id just now');
};

const writeItems = async (
  client: ClientBase,
  schema: ViewSchema,
  commands: readonly ItemCommand[],
): Promise<Written> => {
  if (commands.length === 0) return { decided: [], setAside: 0 };
  const known = await findKnown(client, schema, commands);
  const { items, applied } = foldCommands(await findItems(client, schema, commands), known, commands);
  if (applied.length > 0) {
    await insertNewCommands(client, schema, applied);
    await client.query({
      name: `item-stock-${schema}`,
      text: `insert into ${schema}.item_stock (${listOf(stockColumns)})
        select * from ${unnestOf(stockColumns)}
        on conflict (item_id) do update set (${listOf(stockColumns)}) = (${listOf(stockColumns, 'excluded.')})`,
      values: toColumns(items, namesOf(stockColumns)),
    });
  }
  return { decided: [], setAside: commands.length - applied.length };
};

const isCommand = (logged: LoggedEvent): logged is ItemCommand =>
  logged.event.type === 'StockAdjusted' ||
  logged.event.type === 'BuyerLimitSet' ||
  logged.event.type === 'SaleChanged';

/** Stock, limits and sales of items: all that follows from operators' commands. */
export const createItemsProjection = (
  codec: EventCodec,
  report: ReportUndecodable,
): Projection<ItemCommand> => ({
  view: 'items',
  version: viewsToday.items.version,
  offsetsTable: viewsToday.items.tables[0],
  topics: viewTopics.items,
  read: async (records) => {
    const { events, undecodable } = await readRecords(codec, records);
    await report(undecodable);
    return toReading(
      records,
      events.filter(isCommand),
      undecodable.map(({ record }) => record.offset),
    );
  },
  fold: (pieces) => {
    const commands = pieces.flatMap((piece) => piece.facts);
    const moves = pieces.map((piece) => moveOf(piece));
    return { moves, write: (client, schema) => writeItems(client, schema, commands) };
  },
});
