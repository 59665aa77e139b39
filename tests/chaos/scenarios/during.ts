import type { Bounds } from '../timeline';
import type { Stage } from '../scenario';

export interface DuringBounds {
  /** Measured from the moment it breaks. */
  readonly sinceFault?: Bounds;
  /** Measured from the moment it is whole again. */
  readonly sinceHeal?: Bounds;
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
