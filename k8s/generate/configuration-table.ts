import { describeSettings } from '../../chassis/config';
import { stackSettings } from '../../stack/settings';
import { processes } from './processes';

type Row = readonly string[];

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** A Markdown table as prettier lays it out: every column as wide as its widest cell. */
const table = (head: Row, rows: readonly Row[]): string => {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: Row): string =>
    `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join(
    '\n',
  );
};

interface Usage {
  readonly process: string;
  readonly standard: string;
  readonly meaning: string;
}

const usagesByName = (): ReadonlyMap<string, readonly Usage[]> => {
  const found = new Map<string, Usage[]>();
  for (const [process, settings] of Object.entries(processes)) {
    for (const { name, default: standard, description, secret } of describeSettings(settings)) {
      const meaning = secret ? `${description} (secret)` : description;
      const usage = { process, standard: standard === '' ? 'unset' : standard, meaning };
      found.set(name, [...(found.get(name) ?? []), usage]);
    }
  }
  return found;
};

/** One default for all, or each process' own where they differ, as ports do. */
const standardOf = (usages: readonly Usage[]): string => {
  const different = new Set(usages.map(({ standard }) => standard));
  if (different.size === 1) return `\`${[...different].join('')}\``;
  return usages.map(({ process, standard }) => `\`${standard}\` ${process}`).join(', ');
};

/** One meaning for all, or each with its readers where they differ. */
const meaningOf = (usages: readonly Usage[]): string => {
  const readers = new Map<string, string[]>();
  for (const { process, meaning } of usages) readers.set(meaning, [...(readers.get(meaning) ?? []), process]);
  if (readers.size === 1) return usages[0]?.meaning ?? '';
  return [...readers].map(([meaning, processes]) => `${processes.join(', ')}: ${meaning}`).join('. ');
};

const serviceRows = (): readonly Row[] =>
  [...usagesByName()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, usages]) => [
      `\`${name}\``,
      cell(standardOf(usages)),
      usages.length === Object.keys(processes).length
        ? 'all'
        : usages.map(({ process }) => process).join(', '),
      cell(meaningOf(usages)),
    ]);

const launcherRows = (): readonly Row[] =>
  describeSettings(stackSettings).map(({ name, default: standard, description }) => [
    `\`${name}\``,
    cell(`\`${standard}\``),
    cell(description),
  ]);

const begin = '<!-- configuration -->';
const end = '<!-- /configuration -->';

/** `document` with the tables of all settings between its two marks. @throws Error when it has no marks. */
export const withConfigurationTables = (document: string): string => {
  const [before, rest] = document.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error('The document has no marks for the configuration');
  const services = table(['setting', 'default', 'read by', 'meaning'], serviceRows());
  const launcher = table(['setting', 'default', 'meaning'], launcherRows());
  return `${before}${begin}

${services}

\`make up\` and its like read these besides, and hand everything else on to the services:

${launcher}

${end}${after}`;
};
