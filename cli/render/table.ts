import { padEnd, padStart, widthOf, type Paint } from './paint';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

const gap = '  ';

/** Lines of a table: a dim head, every column as wide as its widest cell. Numbers read best with `align: 'right'`. */
export const table = (
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): readonly string[] => {
  const widths = columns.map(({ title }, at) =>
    Math.max(title.length, ...rows.map((row) => widthOf(row[at] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, at) => (align === 'right' ? padStart : padEnd)(cells[at] ?? '', widths[at] ?? 0))
      .join(gap)
      .trimEnd();
  return [paint.dim(line(columns.map(({ title }) => title))), ...rows.map(line)];
};
