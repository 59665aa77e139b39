import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a page shows of the hunt for one planted bug. */
export interface PlantedResult {
  readonly name: string;
  readonly role: string;
  readonly scenario: string;
  /** Names that would do. */
  readonly foundAs: readonly string[];
  /** Those of them that the last run brought. */
  readonly found: readonly string[];
  readonly anomalies: Readonly<Record<string, number>>;
  readonly runs: number;
  readonly seed: string;
  readonly commit: string;
  /** Milliseconds since 1970. 0, without commit and seed: copied from an earlier page, whose raw results were not kept. */
  readonly at: number;
}

export const plantedFile = 'planted.jsonl';

/** Every hunt into this folder. */
export const readPlantedLines = (folder: string): readonly PlantedResult[] => {
  const file = join(folder, plantedFile);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as PlantedResult);
};

/** The newest result of each bug that was hunted into this folder. */
export const readPlanted = (folder: string): readonly PlantedResult[] => {
  const lines = readPlantedLines(folder).toSorted((one, other) => one.at - other.at);
  return [...new Map(lines.map((line) => [line.name, line])).values()];
};
