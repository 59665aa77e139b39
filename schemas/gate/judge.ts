import { Type, type Schema } from 'avsc';
import { eventTypes, type EventType } from '../events';
import { fullName, type SchemaHistory, type SchemaVersion } from '../history';
import { describe, parseAvro } from './avro-tree';
import type { GoldenVersion } from './golden';
import { houseFindings } from './house-findings';
import { pairFindings, type PairFinding } from './pair-findings';

/** One thing that keeps a version from being released, and what to do instead. */
export interface Finding extends PairFinding {
  readonly eventType: EventType;
  readonly version: number;
  /** The earlier versions it does not go with; empty when it is wrong by itself. */
  readonly against: readonly number[];
}

export interface Judgement {
  readonly findings: readonly Finding[];
  /** Versions without golden records: not released yet, and free to change. */
  readonly unreleased: readonly SchemaVersion[];
}

const whole = (reason: string, instead: string): PairFinding => ({ place: '', reason, instead });

const wrongByItself = ({ eventType, schema }: SchemaVersion): readonly PairFinding[] => {
  try {
    Type.forSchema(schema as Schema);
    const node = parseAvro(schema);
    if (node.kind === 'record' && node.name === fullName(eventType)) return [];
    return [whole(`is ${describe(node)}`, `make it a record named ${fullName(eventType)}`)];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [whole(`is no Avro schema: ${message}`, 'correct it')];
  }
};

const sameFinding = (a: PairFinding, b: PairFinding): boolean => a.place === b.place && a.reason === b.reason;

/** Findings of one version against each earlier one, those alike told once. */
const findingsOf = (version: SchemaVersion, earlier: readonly SchemaVersion[]): readonly Finding[] => {
  const { eventType } = version;
  const alone = wrongByItself(version);
  if (alone.length > 0) {
    return alone.map((finding) => ({ ...finding, eventType, version: version.version, against: [] }));
  }
  const later = parseAvro(version.schema);
  const found: Finding[] = [];
  for (const before of earlier.filter((candidate) => wrongByItself(candidate).length === 0)) {
    const node = parseAvro(before.schema);
    for (const finding of [...pairFindings(node, later), ...houseFindings(node, later, '')]) {
      const known = found.findIndex((other) => sameFinding(other, finding));
      const against = [...(found[known]?.against ?? []), before.version];
      found.splice(known < 0 ? found.length : known, known < 0 ? 0 : 1, {
        ...finding,
        eventType,
        version: version.version,
        against,
      });
    }
  }
  return found;
};

const releasedFindings = (golden: GoldenVersion, file: SchemaVersion | undefined): readonly Finding[] => {
  const { eventType, version } = golden;
  const base = { eventType, version, against: [] };
  const instead = `put v${version}.avsc back as it was released, and make the change in a new version`;
  if (!file) return [{ ...base, place: '', reason: 'was released and is gone', instead }];
  if (file.text === golden.schema) return [];
  if (wrongByItself(file).length > 0)
    return [{ ...base, place: '', reason: 'was released and is edited', instead }];
  const [was, is] = [parseAvro(JSON.parse(golden.schema)), parseAvro(file.schema)];
  const changes = [...pairFindings(was, is), ...houseFindings(was, is, '')];
  return [
    { ...base, place: '', reason: 'was released and is edited', instead },
    ...changes.map((change) => ({ ...base, ...change, instead })),
  ];
};

const judgeEvent = (versions: readonly SchemaVersion[], golden: readonly GoldenVersion[]): Judgement => {
  const unreleased = versions.filter(({ version }) => !golden.some((it) => it.version === version));
  const skipped = unreleased
    .filter((version) => version !== versions.at(-1))
    .map(({ eventType, version }) => ({
      eventType,
      version,
      against: [],
      ...whole('is followed by a newer version and was never released', 'release one version at a time'),
    }));
  const edited = golden.flatMap((it) =>
    releasedFindings(
      it,
      versions.find(({ version }) => version === it.version),
    ),
  );
  const isEdited = (version: number): boolean => edited.some((finding) => finding.version === version);
  const incompatible = versions
    .filter(({ version }) => !isEdited(version))
    .flatMap((version) => findingsOf(version, versions.slice(0, version.version - 1)));
  return { findings: [...edited, ...incompatible, ...skipped], unreleased };
};

/**
 * Judges the whole history without a registry: each version against all earlier ones in both directions
 * (FULL_TRANSITIVE), by Avro's rules and the house's, and each released one against the text it was released with.
 */
export const judgeHistory = (history: SchemaHistory, golden: readonly GoldenVersion[]): Judgement => {
  const judged = eventTypes.map((eventType) =>
    judgeEvent(
      history[eventType],
      golden.filter((it) => it.eventType === eventType),
    ),
  );
  return {
    findings: judged.flatMap(({ findings }) => findings),
    unreleased: judged.flatMap(({ unreleased }) => unreleased),
  };
};

/** A finding as one line for a terminal. */
export const formatFinding = (finding: Finding): string => {
  const against =
    finding.against.length === 0
      ? ''
      : ` against ${finding.against.map((version) => `v${version}`).join(', ')}`;
  const place = finding.place === '' ? 'the record' : finding.place;
  return `${finding.eventType} v${finding.version}${against}: ${place} ${finding.reason}. Instead: ${finding.instead}.`;
};
