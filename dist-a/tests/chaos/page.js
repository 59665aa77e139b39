"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.chaosPage = void 0;
const growth_1 = require("./growth");
const page_parts_1 = require("./page-parts");
const page_table_1 = require("./page-table");
const results_1 = require("./results");
const isMet = ({ took_ms, bound_ms }) => took_ms !== null && took_ms <= bound_ms;
const seconds = (ms) => (ms === null ? 'never' : `${(ms / 1000).toFixed(1)} s`);
const anomaliesOf = ({ anomalies, error, verdict }) => {
    const found = Object.entries(anomalies).map(([name, count]) => `${name} (${count})`);
    if (error !== undefined)
        found.push(`no verdict: ${error}`);
    if (verdict === 'cannot tell')
        found.push('could not tell');
    return found.length > 0 ? found.join(', ') : 'none';
};
const scenarioRow = ({ id, title, bound }, tries) => {
    const runs = tries.filter(results_1.isJudged);
    if (runs.length === 0)
        return [id, title, bound, tries.length > 0 ? 'no verdict' : 'not run', '', ''];
    const recoveries = runs.flatMap(page_parts_1.partsOf).flatMap((part) => (part.scenario === id ? part.recoveries : []));
    const count = (some, all) => all.length === 0 ? '–' : `${some.length} of ${all.length}`;
    return [
        id,
        title,
        bound,
        count(runs.filter(results_1.holds), runs),
        count(recoveries.filter(isMet), recoveries),
        seedsOf(runs),
    ];
};
const seedsMax = 8;
/** All of a few, the ends of many. */
const seedsOf = (runs) => {
    const seeds = runs.map(({ seed }) => seed);
    return seeds.length <= seedsMax ? seeds.join(', ') : `${seeds.length}, ${seeds[0]} to ${seeds.at(-1)}`;
};
/** A row for each length of a scenario that lasts as long as asked, and for each form that one had in its time. */
const scenarioRows = (scenario, results) => {
    const { id } = scenario;
    const forms = new Map();
    for (const one of results.filter((each) => each.scenario.split('+').includes(id))) {
        const form = one.scenario === id ? { id, title: one.title, bound: one.bound } : scenario;
        const name = [form.title, form.bound].join('\t');
        const known = forms.get(name) ?? { form, tries: [] };
        known.tries.push(one);
        forms.set(name, known);
    }
    if (forms.size === 0)
        return [scenarioRow(scenario, [])];
    return [...forms.values()].map(({ form, tries }) => scenarioRow(form, tries));
};
const lengthsOf = (results) => [...new Set(results.flatMap(({ seconds }) => seconds ?? []))].toSorted((one, other) => one - other);
const day = (at) => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
const facts = (results) => {
    const times = results.map(({ at }) => at);
    const sum = (name) => results.reduce((total, { counts }) => total + Number(counts[name] ?? 0), 0);
    const loads = results.map(({ load }) => load);
    return [
        ['when', `${day(Math.min(...times))} to ${day(Math.max(...times))} UTC`],
        ['commits', [...new Set(results.map(({ commit }) => commit))].join(', ')],
        ['servers', [...new Set(results.flatMap((one) => one.servers ?? []))].join('; ')],
        ['machine', results.at(-1)?.machine ?? ''],
        ['load of the last minute, from other work too', `${Math.min(...loads)} to ${Math.max(...loads)}`],
        ['Node', results.at(-1)?.node ?? ''],
        ['runs', String(results.length)],
        ['runs in which every invariant held', String(results.filter(results_1.holds).length)],
        ['orders', String(sum('orders'))],
        ['void outcomes', String(sum('void_outcomes'))],
        ['copies of requests and of outcomes', `${sum('request_copies')} and ${sum('outcome_copies')}`],
    ];
};
/** None in n bounds the rate below 3/n with 95 % confidence. */
const ruleOfThree = (tries, of) => {
    const runs = tries.filter(results_1.isJudged);
    const bad = runs.filter((run) => !(0, results_1.holds)(run)).length;
    if (runs.length === 0)
        return `- No run of ${of} is recorded here.`;
    if (bad > 0)
        return `- ${of}: an invariant was broken in ${bad} of ${runs.length} runs.`;
    const share = Math.min(100, 300 / runs.length).toFixed(runs.length > 100 ? 1 : 0);
    return `- ${of}: no invariant was broken in ${runs.length} runs. That bounds the rate below ${share} % of runs like these, and no lower.`;
};
const rulesOfThree = (results) => {
    const random = results.filter(({ scenario }) => scenario === 'random');
    return [
        ...lengthsOf(random).map((length) => ruleOfThree(random.filter(({ seconds: asked }) => asked === length), `random faults for ${length} s`)),
        ruleOfThree(results.filter(({ scenario }) => scenario === 'calm'), 'nothing broken'),
    ];
};
const troubleRows = (results) => results
    .filter((result) => !(0, results_1.holds)(result))
    .map((result) => [result.scenario, result.seed, result.commit, String(result.load), anomaliesOf(result)]);
const missed = (results) => results.flatMap((result) => (0, page_parts_1.partsOf)(result).flatMap(({ scenario, recoveries }) => recoveries
    .filter((one) => !isMet(one))
    .map((one) => [
    scenario,
    one.after,
    one.measure.replace('_ms', ''),
    seconds(one.took_ms),
    seconds(one.bound_ms),
    String(result.ordersPerSecond),
    String(result.load),
])));
/** One line for each bound of a scenario: how long it took at least, in the middle and at most. */
const recoveryRows = (results) => {
    const groups = new Map();
    for (const { scenario, recoveries } of results.flatMap(page_parts_1.partsOf)) {
        if (scenario === 'random')
            continue;
        for (const one of recoveries) {
            // Processes take turns in what happens to them.
            const after = one.after.replace(/-\d\b/, '');
            const row = [scenario, after, one.measure.replace('_ms', '')];
            const name = [...row, one.bound_ms].join('\t');
            const group = groups.get(name) ?? { row, bound: one.bound_ms, took: [] };
            group.took.push(one.took_ms ?? Infinity);
            groups.set(name, group);
        }
    }
    return [...groups.values()].map(({ row, bound, took }) => {
        const sorted = took.toSorted((one, other) => one - other);
        const show = (ms = Infinity) => seconds(ms === Infinity ? null : ms);
        const middle = sorted[Math.floor(sorted.length / 2)];
        return [...row, String(sorted.length), show(middle), show(sorted.at(-1)), show(bound)];
    });
};
const growthRows = (results) => results
    .filter(({ scenario }) => scenario === 'random')
    .flatMap(({ seed, growths = [] }) => growths.map((one) => [
    seed,
    one.process,
    `${one.seconds} s`,
    `${one.rssMb[0]} → ${one.rssMb[1]}`,
    `${one.descriptors[0]} → ${one.descriptors[1]}`,
    (0, growth_1.isFlat)(one) ? 'yes' : 'NO',
]));
const plantedRow = (name, result) => {
    const words = name.replaceAll('-', ' ');
    if (!result)
        return [words, '', '', 'not hunted yet', '', '', ''];
    const { role, scenario, runs, found, anomalies } = result;
    const others = Object.keys(anomalies).filter((one) => !found.includes(one) && !results_1.boundsOnly.has(one));
    const when = found.length > 0 ? `run ${runs}` : 'NOT FOUND';
    const of = result.at === 0
        ? 'earlier, raw result not kept'
        : `${result.commit}, seed ${result.seed}, ${day(result.at).slice(0, 10)}`;
    return [words, role, scenario, when, found.join(', '), others.join(', '), of];
};
const plantedRows = ({ planted, bugs }) => bugs.map((bug) => plantedRow(bug, planted.find(({ name }) => name === bug)));
const section = (title, body) => [
    '',
    `## ${title}`,
    '',
    ...body,
];
const tableOr = (head, rows, nothing) => [rows.length > 0 ? (0, page_table_1.table)(head, rows) : nothing];
const runSections = ({ results, known, plots }) => [
    ...section('Results', [
        (0, page_table_1.table)(['', ''], facts(results)),
        '',
        ...rulesOfThree(results),
        ...plots.flatMap(({ title, address }) => ['', `![${(0, page_table_1.cell)(title)}](${address})`]),
    ]),
    ...section('The matrix', [
        (0, page_table_1.table)([
            '',
            'what is broken',
            'what must hold beside the invariants',
            'invariants held',
            'bounds met',
            'seeds',
        ], known.flatMap((one) => scenarioRows(one, results))),
    ]),
    ...section('Runs in which an invariant was broken, or that came to no verdict', tableOr(['scenario', 'seed', 'commit', 'load', 'what'], troubleRows(results), 'None.')),
    ...section('Bounds that were not met', tableOr(['scenario', 'after', 'until', 'took', 'bound', 'orders/s', 'load'], missed(results), 'None in these runs.')),
    ...section('Recovery, measured', tableOr(['scenario', 'after', 'until', 'times', 'median', 'most', 'bound'], recoveryRows(results), 'Nothing yet.')),
    ...section('Memory and descriptors', tableOr(['seed', 'process', 'lived', 'MB after a minute → at the end', 'descriptors', 'flat'], growthRows(results), 'No process of a random run lived for six minutes.')),
];
const chaosPage = (parts) => {
    const found = parts.planted.filter((one) => one.found.length > 0).length;
    return [
        '<!-- Generated by `node dist/tests/chaos/main.js page` from docs/chaos/*.jsonl; edit tests/chaos/page-intro.md instead. -->',
        '',
        parts.prose.trimEnd(),
        ...section('Planted bugs', [
            `${found} of the ${parts.planted.length} that were hunted were called by one of their names within three runs; there are ${parts.bugs.length}.`,
            '',
            ...tableOr(['bug', 'in', 'scenario', 'found in', 'as', 'with it', 'commit, seed, date'], plantedRows(parts), 'None was planted.'),
        ]),
        ...(parts.results.length > 0
            ? runSections(parts)
            : section('Results', ['None yet of the present harness.'])),
        '',
    ].join('\n');
};
exports.chaosPage = chaosPage;
//# sourceMappingURL=page.js.map