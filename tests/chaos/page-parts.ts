import type { ResultLine } from './results';
import type { Recovery } from './verdict';

/** What one run says of one scenario. */
export interface Part {
  readonly scenario: string;
  readonly recoveries: readonly Recovery[];
}

/** A run of `F1+F3` is one of each: its marks begin with `F1: ` and `F3: `. */
export const partsOf = ({ scenario, recoveries }: ResultLine): readonly Part[] => {
  const ids = scenario.split('+');
  if (ids.length === 1) return [{ scenario, recoveries }];
  return ids.map((id) => {
    const mark = `${id}: `;
    const own = recoveries.filter(({ after }) => after.startsWith(mark));
    return { scenario: id, recoveries: own.map((one) => ({ ...one, after: one.after.slice(mark.length) })) };
  });
};
