/** What `python3 reconcile` answers, as far as it is used here. */
export interface Report {
  readonly verdict: 'clean' | 'differences' | 'cannot tell';
  readonly looked_at: Readonly<Record<string, number>>;
  readonly classes: readonly DifferenceClass[];
  /** The first thousand of each class. */
  readonly differences: readonly Difference[];
  /** What could not be looked at, and why. */
  readonly untold: readonly string[];
  /** What was not asked for. */
  readonly skipped?: readonly string[];
}

export interface DifferenceClass {
  readonly class: string;
  readonly meaning: string;
  /** Null: no tool may repair it. */
  readonly repair: string | null;
  readonly count: number;
}

export interface Difference {
  readonly class: string;
  readonly key: string;
  readonly expected: unknown;
  readonly actual: unknown;
  /** topic:partition:offset. */
  readonly offsets: readonly string[];
  readonly repair: string | null;
}
