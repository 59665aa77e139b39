import { describe, type AvroField, type AvroNode } from './avro-tree';
import { readingFaults, type Fault } from './resolution';

/** What is wrong between an earlier and a later version, in plain words. */
export interface PairFinding {
  /** Where, as `field` or `field.inner`; empty for the record itself. */
  readonly place: string;
  readonly reason: string;
  readonly instead: string;
}

/** `back`: the later version reads what the earlier wrote. `forth`: readers of the earlier one read the later's. */
type Direction = 'back' | 'forth';

const neither = 'neither version reads the other';
const cannot: Readonly<Record<Direction, string>> = {
  back: 'what was written with the earlier version can no longer be read',
  forth: 'readers of the earlier version, of which some still run, cannot read it',
};
const addField = 'keep it as it is, and add a field with a default for the new type';

const typeChange = (earlier: AvroNode, later: AvroNode, who: string): PairFinding => ({
  place: '',
  reason: `was ${describe(earlier)} and is ${describe(later)}: ${who}`,
  instead: addField,
});

const branchReason = (direction: Direction, branch: AvroNode): string =>
  direction === 'back'
    ? `no longer takes ${describe(branch)}: ${cannot.back}`
    : `now takes ${describe(branch)} too: ${cannot.forth}`;

const symbolsFinding = (direction: Direction, symbols: string): Omit<PairFinding, 'place'> =>
  direction === 'back'
    ? {
        reason: `lost ${symbols} and its enum has no default: ${cannot.back}`,
        instead: 'put the symbols back, or give the enum a default symbol',
      }
    : {
        reason: `gained ${symbols}, and the earlier enum has no default symbol for what it does not know`,
        instead: 'add a field whose enum has a default symbol; an enum without one can never gain a symbol',
      };

const missingFinding = (direction: Direction): Omit<PairFinding, 'place'> =>
  direction === 'back'
    ? {
        reason: `is new and has no default: ${cannot.back}`,
        instead: 'give it a default, best null: "type": ["null", …], "default": null',
      }
    : {
        reason: 'is gone, and earlier readers have no default for it',
        instead: 'keep the field; its doc may say that it is no longer used',
      };

const findingOf = (fault: Fault, direction: Direction): PairFinding => {
  const { path: place } = fault;
  switch (fault.kind) {
    case 'field-missing':
      return { place, ...missingFinding(direction) };
    case 'type': {
      const [earlier, later] =
        direction === 'back' ? [fault.writer, fault.reader] : [fault.reader, fault.writer];
      return { ...typeChange(earlier, later, cannot[direction]), place };
    }
    case 'name': {
      const [earlier, later] =
        direction === 'back' ? [fault.writer, fault.reader] : [fault.reader, fault.writer];
      return {
        place,
        reason: `was named ${earlier} and is named ${later}: ${neither}`,
        instead: `keep the name ${earlier}: a name is part of the contract`,
      };
    }
    case 'symbols':
      return { place, ...symbolsFinding(direction, fault.symbols.join(', ')) };
    case 'size':
      return { place, reason: `has another size: ${neither}`, instead: addField };
    case 'branch':
      return { place, reason: branchReason(direction, fault.branch), instead: addField };
  }
};

const fieldsAt = (node: AvroNode, path: readonly string[]): readonly AvroField[] => {
  if (node.kind !== 'record') return [];
  const [first, ...rest] = path;
  if (first === undefined) return node.fields;
  const inner = node.fields.find(({ name }) => name === first)?.node;
  return inner ? fieldsAt(inner, rest) : [];
};

/** The new field that a vanished one seems to have become: of the same type, and not there before. */
const renamedTo = (earlier: AvroNode, later: AvroNode, place: string): string | undefined => {
  const parent = place.split('.').slice(0, -1);
  const before = fieldsAt(earlier, parent);
  const gone = before.find(({ name }) => name === place.split('.').at(-1));
  const candidate = fieldsAt(later, parent).find(
    (field) =>
      !before.some(({ name }) => name === field.name) &&
      gone !== undefined &&
      describe(field.node) === describe(gone.node),
  );
  return candidate && [...parent, candidate.name].join('.');
};

const renaming = (from: string, to: string): PairFinding => ({
  place: from,
  reason: `became ${to}: to a reader that is one field removed and another one added, and ${neither}`,
  instead: `keep ${from}, add ${to} with a default, and write both for as long as readers of ${from} run`,
});

/** One finding where both directions fail at the same place. */
const merge = (back: readonly PairFinding[], forth: readonly PairFinding[]): readonly PairFinding[] => {
  const strip = (reason: string): string =>
    reason.replace(`: ${cannot.back}`, '').replace(`: ${cannot.forth}`, '');
  const both = back.map((finding) =>
    forth.some(({ place, reason }) => place === finding.place && strip(reason) === strip(finding.reason))
      ? { ...finding, reason: finding.reason.replace(cannot.back, neither) }
      : finding,
  );
  const isTold = (finding: PairFinding): boolean =>
    both.some(
      ({ place, reason }) => place === finding.place && strip(reason).startsWith(strip(finding.reason)),
    );
  return [...both, ...forth.filter((finding) => !isTold(finding))];
};

/** Compares two versions in both directions (FULL): empty when each reads what the other writes. */
export const pairFindings = (earlier: AvroNode, later: AvroNode): readonly PairFinding[] => {
  const back = readingFaults(later, earlier);
  const forth = readingFaults(earlier, later);
  const renamings = forth.flatMap((fault) => {
    const to = fault.kind === 'field-missing' ? renamedTo(earlier, later, fault.path) : undefined;
    return to === undefined ? [] : [{ from: fault.path, to }];
  });
  const isTold = ({ path, kind }: Fault): boolean =>
    kind === 'field-missing' && renamings.some(({ from, to }) => path === from || path === to);
  const rest = (faults: readonly Fault[], direction: Direction): readonly PairFinding[] =>
    faults.filter((fault) => !isTold(fault)).map((fault) => findingOf(fault, direction));
  return [
    ...renamings.map(({ from, to }) => renaming(from, to)),
    ...merge(rest(back, 'back'), rest(forth, 'forth')),
  ];
};
