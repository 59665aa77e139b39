import type { RunFolder } from './run-folder';

/** Bounds that the checker measures from the moment of a mark, milliseconds; the names are those of check_run.py. */
export interface Bounds {
  /** Until the next order is accepted. */
  readonly accepting_ms?: number;
  /** Until the next query is answered. */
  readonly answering_ms?: number;
  /** Until orders are decided again in every partition where one waits. */
  readonly deciding_ms?: number;
  /** Until every order requested before is decided. */
  readonly caught_up_ms?: number;
  /** Until 90 % of the earlier rate of acceptance is reached. */
  readonly throughput_ms?: number;
  /** At a fault: the longest time without an order accepted until it is healed. */
  readonly accepting_gap_ms?: number;
  /** The same for queries. */
  readonly answering_gap_ms?: number;
  /** At a fault: the longest that an order waited which was requested until it is healed. */
  readonly deciding_gap_ms?: number;
  /** At a fault: the longest that a buyer who pressed until it is healed was left without an answer of any kind. */
  readonly replying_gap_ms?: number;
  /** At a fault: how long buyers who pressed until it is healed were turned away; 0 when nobody was. */
  readonly refusing_gap_ms?: number;
}

export interface Mark {
  readonly at: number;
  readonly ms: number;
  readonly event: 'fault' | 'heal' | 'note';
  readonly name: string;
  readonly bounds: Bounds;
}

export interface Timeline {
  /** Something is broken now. Bounds count from here. */
  fault(name: string, bounds?: Bounds): void;
  /** The fault of that name is over. Bounds count from here. */
  heal(name: string, bounds?: Bounds): void;
  note(name: string): void;
  marks(): readonly Mark[];
}

export const createTimeline = (folder: RunFolder, print: (line: string) => void): Timeline => {
  const marks: Mark[] = [];
  const startedAtMs = performance.now();
  const mark = (event: Mark['event'], name: string, bounds: Bounds = {}): void => {
    const one: Mark = { at: Date.now(), ms: performance.now(), event, name, bounds };
    marks.push(one);
    folder.append('timeline', one);
    print(`  ${((one.ms - startedAtMs) / 1000).toFixed(1).padStart(6)} s  ${event.padEnd(5)} ${name}`);
  };
  return {
    fault: (name, bounds) => mark('fault', name, bounds),
    heal: (name, bounds) => mark('heal', name, bounds),
    note: (name) => mark('note', name),
    marks: () => marks,
  };
};
