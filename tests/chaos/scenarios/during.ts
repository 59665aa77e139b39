import type { Bounds } from '../timeline';
import type { Stage } from '../scenario';

export interface DuringBounds {
  /** Measured from the moment it breaks. */
  readonly sinceFault?: Bounds;
  /** Measured from the moment it is whole again. */
  readonly sinceHeal?: Bounds;
}

/** For a fault that most do not notice: milliseconds from its begin, and between any two until it is healed. */
export const goesOn = ({ accepting, deciding }: GoesOn): Bounds => ({
  accepting_ms: accepting,
  accepting_gap_ms: accepting,
  ...(deciding === undefined ? {} : { deciding_ms: deciding, deciding_gap_ms: deciding }),
});

interface GoesOn {
  readonly accepting: number;
  readonly deciding?: number;
}

/** Marks a fault on the timeline for as long as `broken` takes; `broken` heals before it resolves. */
export const during = async (
  { timeline }: Stage,
  name: string,
  bounds: DuringBounds,
  broken: () => Promise<void>,
): Promise<void> => {
  timeline.fault(name, bounds.sinceFault);
  await broken();
  timeline.heal(name, bounds.sinceHeal);
};
