import { holds, type ResultLine } from './results';

export const outcomeOf = ({ verdict, anomalies, error }: ResultLine): string => {
  if (error !== undefined) return `NO VERDICT: ${error}`;
  const found = Object.entries(anomalies).map(([name, count]) => `${name} (${count})`);
  return found.length > 0 ? found.join(', ') : verdict;
};

/** What is said after the last run: how many were good, and of each other one what was found and how to see it again. */
export const tallyOf = (results: readonly ResultLine[]): readonly string[] => {
  const bad = results.filter(({ verdict }) => verdict !== 'clean');
  const held = results.filter(holds).length;
  return [
    `${results.length - bad.length} of ${results.length} runs are clean; every invariant held in ${held}`,
    ...bad.map((one) => `  ${one.scenario} seed ${one.seed}: ${outcomeOf(one)}`),
  ];
};
