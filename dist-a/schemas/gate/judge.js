"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.formatFinding = exports.judgeHistory = void 0;
const avsc_1 = require("avsc");
const events_1 = require("../events");
const history_1 = require("../history");
const avro_tree_1 = require("./avro-tree");
const house_findings_1 = require("./house-findings");
const pair_findings_1 = require("./pair-findings");
const whole = (reason, instead) => ({ place: '', reason, instead });
const wrongByItself = ({ eventType, schema }) => {
    try {
        avsc_1.Type.forSchema(schema);
        const node = (0, avro_tree_1.parseAvro)(schema);
        if (node.kind === 'record' && node.name === (0, history_1.fullName)(eventType))
            return [];
        return [whole(`is ${(0, avro_tree_1.describe)(node)}`, `make it a record named ${(0, history_1.fullName)(eventType)}`)];
    }
    catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return [whole(`is no Avro schema: ${message}`, 'correct it')];
    }
};
const sameFinding = (a, b) => a.place === b.place && a.reason === b.reason;
/** Findings of one version against each earlier one, those alike told once. */
const findingsOf = (version, earlier) => {
    const { eventType } = version;
    const alone = wrongByItself(version);
    if (alone.length > 0) {
        return alone.map((finding) => ({ ...finding, eventType, version: version.version, against: [] }));
    }
    const later = (0, avro_tree_1.parseAvro)(version.schema);
    const found = [];
    for (const before of earlier.filter((candidate) => wrongByItself(candidate).length === 0)) {
        const node = (0, avro_tree_1.parseAvro)(before.schema);
        for (const finding of [...(0, pair_findings_1.pairFindings)(node, later), ...(0, house_findings_1.houseFindings)(node, later, '')]) {
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
const releasedFindings = (golden, file) => {
    const { eventType, version } = golden;
    const base = { eventType, version, against: [] };
    const instead = `put v${version}.avsc back as it was released, and make the change in a new version`;
    if (!file)
        return [{ ...base, place: '', reason: 'was released and is gone', instead }];
    if (file.text === golden.schema)
        return [];
    if (wrongByItself(file).length > 0)
        return [{ ...base, place: '', reason: 'was released and is edited', instead }];
    const [was, is] = [(0, avro_tree_1.parseAvro)(JSON.parse(golden.schema)), (0, avro_tree_1.parseAvro)(file.schema)];
    const changes = [...(0, pair_findings_1.pairFindings)(was, is), ...(0, house_findings_1.houseFindings)(was, is, '')];
    return [
        { ...base, place: '', reason: 'was released and is edited', instead },
        ...changes.map((change) => ({ ...base, ...change, instead })),
    ];
};
const judgeEvent = (versions, golden) => {
    const unreleased = versions.filter(({ version }) => !golden.some((it) => it.version === version));
    const skipped = unreleased
        .filter((version) => version !== versions.at(-1))
        .map(({ eventType, version }) => ({
        eventType,
        version,
        against: [],
        ...whole('is followed by a newer version and was never released', 'release one version at a time'),
    }));
    const edited = golden.flatMap((it) => releasedFindings(it, versions.find(({ version }) => version === it.version)));
    const isEdited = (version) => edited.some((finding) => finding.version === version);
    const incompatible = versions
        .filter(({ version }) => !isEdited(version))
        .flatMap((version) => findingsOf(version, versions.slice(0, version.version - 1)));
    return { findings: [...edited, ...incompatible, ...skipped], unreleased };
};
/**
 * Judges the whole history without a registry: each version against all earlier ones in both directions
 * (FULL_TRANSITIVE), by Avro's rules and the house's, and each released one against the text it was released with.
 */
const judgeHistory = (history, golden) => {
    const judged = events_1.eventTypes.map((eventType) => judgeEvent(history[eventType], golden.filter((it) => it.eventType === eventType)));
    return {
        findings: judged.flatMap(({ findings }) => findings),
        unreleased: judged.flatMap(({ unreleased }) => unreleased),
    };
};
exports.judgeHistory = judgeHistory;
/** A finding as one line for a terminal. */
const formatFinding = (finding) => {
    const against = finding.against.length === 0
        ? ''
        : ` against ${finding.against.map((version) => `v${version}`).join(', ')}`;
    const place = finding.place === '' ? 'the record' : finding.place;
    return `${finding.eventType} v${finding.version}${against}: ${place} ${finding.reason}. Instead: ${finding.instead}.`;
};
exports.formatFinding = formatFinding;
//# sourceMappingURL=judge.js.map