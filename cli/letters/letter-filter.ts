import type { Command } from 'commander';

/** Which letters; members and query parameters have these names. */
export interface FilterOptions {
  readonly reason?: string;
  readonly group?: string;
  readonly state?: string;
  readonly item?: string;
  readonly key?: string;
  readonly topic?: string;
  readonly from?: string;
  readonly to?: string;
}

const filterNames = ['reason', 'group', 'state', 'item', 'key', 'topic', 'from', 'to'] as const;

export const withFilter = (command: Command): Command =>
  command
    .option('--reason <code>', 'why they were parked, such as UNDECODABLE')
    .option('--group <id>', 'those that failed for the same reason; see dlq groups')
    .option('--state <names>', 'PARKED, REDRIVEN, RESOLVED, FAILED_AGAIN, DISCARDED; several with commas')
    .option('--item <id>', 'about this item')
    .option('--key <key>', 'with this key')
    .option('--topic <name>', 'from this topic')
    .option('--from <time>', 'parked at this time or later')
    .option('--to <time>', 'parked before this time');

export const filterOf = (options: FilterOptions): Readonly<Record<string, string>> =>
  Object.fromEntries(
    filterNames.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );

export const queryOf = (
  filter: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>> = {},
): string => {
  const query = new URLSearchParams({ ...filter, ...more }).toString();
  return query === '' ? '' : `?${query}`;
};
