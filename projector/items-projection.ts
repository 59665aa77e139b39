import type { ClientBase } from 'pg';
import type { ViewSchema } from '../migrations/views/view-shape';
import { viewsToday } from '../migrations/views/today';
import type { EventCodec } from '../schemas/codec';
import type { BuyerLimitSet, StockAdjusted } from '../schemas/events';
import { topics } from '../schemas/topics';
import { moveOf, toReading, type Projection, type Written } from './batch';
import type { LoggedEvent } from './folded';
import { listOf, toColumns, unnestOf } from './columns';
import type { ItemCommandRow } from '../migrations/tables';
import { sumCommands, toItemCommand } from './item-view';
import { readRecords, type ReportUndecodable } from './read-records';

const commandColumns = {
  command_id: 'text',
  event_type: 'text',
  item_id: 'text',
  delta: 'integer',
  units_max: 'integer',
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
  delta: 'bigint',
  limitSet: 'boolean',
  units_max: 'integer',
  adjusted_at: 'bigint',
} as const;

/** Keeps the commands that are new; a repeated command_id is one that took effect before. */
const keepNew = async (
  client: ClientBase,
  schema: ViewSchema,
  commands: readonly ItemCommandRow[],
): Promise<readonly ItemCommandRow[]> => {
  const { rows } = await client.query<{ partition: number; offset: number }>({
    name: `item-commands-${schema}`,
    text: `insert into ${schema}.item_commands (${listOf(commandColumns)})
      select * from ${unnestOf(commandColumns)}
      on conflict do nothing returning partition, "offset"`,
    values: toColumns(commands, Object.keys(commandColumns) as (keyof ItemCommandRow)[]),
  });
  const kept = new Set(rows.map((row) => `${row.partition}:${row.offset}`));
  return commands.filter((command) => kept.has(`${command.partition}:${command.offset}`));
};

const writeItems = async (
  client: ClientBase,
  schema: ViewSchema,
  commands: readonly ItemCommandRow[],
): Promise<Written> => {
  if (commands.length === 0) return { decided: [], setAside: 0 };
  const kept = await keepNew(client, schema, commands);
  await client.query({
    name: `item-stock-${schema}`,
    text: `insert into ${schema}.item_stock as t (item_id, stocked, units_max, adjusted_at)
      select d.item_id, d.delta, d.units_max, d.adjusted_at
      from ${unnestOf(stockColumns)} as d (${listOf(stockColumns)})
      on conflict (item_id) do update set
        stocked = t.stocked + excluded.stocked,
        units_max = case when excluded.item_id = any ($6::text[]) then excluded.units_max else t.units_max end,
        adjusted_at = greatest(t.adjusted_at, excluded.adjusted_at)`,
    values: [
      ...toColumns(sumCommands(kept), Object.keys(stockColumns) as (keyof typeof stockColumns)[]),
      sumCommands(kept).flatMap((item) => (item.limitSet ? [item.item_id] : [])),
    ],
  });
  return { decided: [], setAside: commands.length - kept.length };
};

type Command = LoggedEvent<StockAdjusted | BuyerLimitSet>;

const isCommand = (logged: LoggedEvent): logged is Command =>
  logged.event.type === 'StockAdjusted' || logged.event.type === 'BuyerLimitSet';

/** Stock and limits of items: all that follows from operators' commands. */
export const createItemsProjection = (codec: EventCodec, report: ReportUndecodable): Projection<Command> => ({
  view: 'items',
  version: viewsToday.items.version,
  offsetsTable: viewsToday.items.tables[0],
  topics: [topics.stockAdjustments.name],
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
    const commands = pieces.flatMap((piece) => piece.facts.map(toItemCommand));
    const moves = pieces.map((piece) => moveOf(piece));
    return { moves, write: (client, schema) => writeItems(client, schema, commands) };
  },
});
