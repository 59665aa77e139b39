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
  /** Milliseconds since 1970. */
  readonly at: number;
}

export const plantedFile = 'planted.jsonl';

/** The newest result of each bug that was hunted into this folder. */
export const readPlanted = (folder: string): readonly PlantedResult[] => {
  const file = join(folder, plantedFile);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const newest = new Map<string, PlantedResult>();
  for (const line of lines) {
    const result = JSON.parse(line) as PlantedResult;
    newest.set(result.name, result);
  }
  return [...newest.values()];
};
