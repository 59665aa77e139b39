/**
 * The life of a rebuild. `BUILDING`: tables beside the live ones are filled from the log. `BUILT`: they had caught up
 * with the live view. `VERIFIED`: at equal offsets they held the same. `SWITCHED`: readers see them; the former ones
 * are kept. `ROLLED_BACK`: readers see the former ones again.
 */
export type RebuildState = 'BUILDING' | 'BUILT' | 'VERIFIED' | 'SWITCHED' | 'ROLLED_BACK';

export type RebuildCommand = 'start' | 'verify' | 'switch' | 'rollback' | 'drop';

export interface RebuildFacts {
  /** Undefined when there is none. */
  readonly state: RebuildState | undefined;
  /** Whether the tables being built have the shape that this release writes. */
  readonly isShapeOfToday: boolean;
  /** The operator accepts differences, or a verification that was not made. */
  readonly acceptsDifferences: boolean;
  /** Whether there is a live view to compare with; somebody may have dropped it. */
  readonly hasLive: boolean;
}

export type Ruling =
  | { readonly kind: 'begin' }
  | { readonly kind: 'go-on' }
  | { readonly kind: 'refused'; readonly why: string };

const refused = (why: string): Ruling => ({ kind: 'refused', why });

const ruleStart = ({ state, isShapeOfToday }: RebuildFacts): Ruling => {
  switch (state) {
    case 'BUILDING':
    case 'BUILT':
    case 'VERIFIED':
      // Another release may have begun it; its tables are of no use to us.
      return isShapeOfToday ? { kind: 'go-on' } : { kind: 'begin' };
    case undefined:
    case 'SWITCHED':
    case 'ROLLED_BACK':
      return { kind: 'begin' };
  }
};

const ruleVerify = ({ state }: RebuildFacts): Ruling => {
  switch (state) {
    case 'BUILT':
    case 'VERIFIED':
      return { kind: 'go-on' };
    case 'BUILDING':
      return refused('the rebuild has not caught up with the live view yet');
    case undefined:
    case 'SWITCHED':
    case 'ROLLED_BACK':
      return refused('there is no rebuild to verify: start one');
  }
};

const ruleSwitch = ({ state, acceptsDifferences, hasLive }: RebuildFacts): Ruling => {
  switch (state) {
    case 'VERIFIED':
      return { kind: 'go-on' };
    case 'BUILT':
      return acceptsDifferences || !hasLive
        ? { kind: 'go-on' }
        : refused('the rebuild is not verified: verify it, or accept differences with --accept-diff');
    case 'BUILDING':
      return refused('the rebuild has not caught up with the live view yet');
    case undefined:
    case 'SWITCHED':
    case 'ROLLED_BACK':
      return refused('there is no rebuild to switch to: start one');
  }
};

/** A release that made tables of another version live could never write them. */
const onlyToday = (facts: RebuildFacts, ruling: Ruling): Ruling =>
  ruling.kind === 'refused' || facts.isShapeOfToday
    ? ruling
    : refused(
        'the rebuild has another version than this release writes: go on with the release that began it, or start anew',
      );

/** What a command may do, as things stand. */
export const rule = (command: RebuildCommand, facts: RebuildFacts): Ruling => {
  switch (command) {
    case 'start':
      return ruleStart(facts);
    case 'verify':
      return onlyToday(facts, ruleVerify(facts));
    case 'switch':
      return onlyToday(facts, ruleSwitch(facts));
    case 'rollback':
      return facts.state === 'SWITCHED'
        ? { kind: 'go-on' }
        : refused('nothing was switched that could be rolled back');
    case 'drop':
      return facts.state === undefined ? refused('there is no rebuild') : { kind: 'go-on' };
  }
};
