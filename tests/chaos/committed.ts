import { appendFileSync, copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { plantedFile, readPlantedLines, type PlantedResult } from './planted/results';
import { readResults, resultsFile, type ResultLine } from './results';

/** Results that are kept with the code: docs/chaos/results.jsonl and planted.jsonl. The page is made of them alone. */
export const committedFolder = (root: string): string => join(root, 'docs', 'chaos');

/** Memory of a short run says nothing: a process has to live for five minutes. */
const growthsFromSeconds = 300;

const worthKeeping = ({ growths, ...line }: ResultLine): ResultLine =>
  growths && (line.seconds ?? 0) >= growthsFromSeconds ? { ...line, growths } : line;

const append = (file: string, lines: readonly object[]): void => {
  if (lines.length > 0) appendFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
};

const missing = <T>(from: readonly T[], known: readonly T[], name: (line: T) => string): readonly T[] => {
  const names = new Set(known.map(name));
  return from.filter((line) => !names.has(name(line)));
};

const nameOfRun = ({ scenario, seed, at }: ResultLine): string => `${scenario} ${seed} ${at}`;
const nameOfHunt = ({ name, seed, at }: PlantedResult): string => `${name} ${seed} ${at}`;

/** Of these the last plot stands in the page. */
const plotted = ['random', 'F12', 'F7'];

const plotOf = (scenario: string): string => `chaos-${scenario}.svg`;

/** The plots that are kept beside the page. */
export const plotsOf = (root: string): readonly { readonly title: string; readonly address: string }[] =>
  plotted
    .filter((id) => existsSync(join(root, 'docs', 'images', plotOf(id))))
    .map((id) => ({ title: `Timeline of the last run of ${id}`, address: `images/${plotOf(id)}` }));

const keepPlots = (root: string, folder: string, results: readonly ResultLine[]): void => {
  for (const id of plotted) {
    const last = results.findLast(({ scenario }) => scenario === id);
    const plot = last && join(folder, `${id}-${last.seed}`, 'plot.svg');
    if (plot !== undefined && existsSync(plot)) copyFileSync(plot, join(root, 'docs', 'images', plotOf(id)));
  }
};

/** Adds what a folder holds and is not kept yet; gives back how many lines. */
export const keepResults = (root: string, folder: string): number => {
  const kept = committedFolder(root);
  mkdirSync(kept, { recursive: true });
  const runs = missing(readResults(folder), readResults(kept), nameOfRun).map(worthKeeping);
  const hunts = missing(readPlantedLines(folder), readPlantedLines(kept), nameOfHunt);
  append(join(kept, resultsFile), runs);
  append(join(kept, plantedFile), hunts);
  keepPlots(root, folder, runs);
  return runs.length + hunts.length;
};
