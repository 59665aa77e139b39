"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.judgeLive = void 0;
const node_util_1 = require("node:util");
const known_ids_1 = require("../known-ids");
const sameSchema = (registered, version) => {
    try {
        return (0, node_util_1.isDeepStrictEqual)(JSON.parse(registered), version.schema);
    }
    catch {
        return false;
    }
};
const strangers = (subject, registered, ours) => registered.flatMap((text, index) => ours.some((version) => sameSchema(text, version))
    ? []
    : [
        `${subject}: the registry's version ${index + 1} is not in this history. Either this checkout is old (update it), ` +
            'or somebody registered by hand (add that schema as the next .avsc here, because records may have been written with it).',
    ]);
const outOfOrder = (subject, registered, ours) => {
    const places = ours
        .map((version) => registered.findIndex((text) => sameSchema(text, version)))
        .filter((place) => place >= 0);
    return places.every((place, index) => index === 0 || place > (places[index - 1] ?? -1))
        ? []
        : [`${subject}: the registry holds our versions in another order than this history.`];
};
const compareSubject = async (client, subject, ours) => {
    const registered = [];
    for (const number of await client.versions(subject)) {
        registered.push((await client.version(subject, number)) ?? '');
    }
    const pending = ours
        .filter((version) => !registered.some((text) => sameSchema(text, version)))
        .map(({ version }) => `${subject} v${version} is not registered yet: the deploy step will do it.`);
    const level = registered.length === 0 ? undefined : await client.compatibility(subject);
    const wrongLevel = registered.length === 0 || level === 'FULL_TRANSITIVE'
        ? []
        : [
            `${subject} has the compatibility ${level ?? 'of the registry'} instead of FULL_TRANSITIVE: run the deploy step.`,
        ];
    return {
        problems: [
            ...strangers(subject, registered, ours),
            ...outOfOrder(subject, registered, ours),
            ...wrongLevel,
        ],
        pending,
    };
};
/**
 * Compares the history with what a registry holds, subject by subject.
 * @throws InfrastructureError when the registry does not answer.
 */
const judgeLive = async (client, history, topics) => {
    const problems = [];
    const pending = [];
    for (const topic of topics) {
        for (const eventType of topic.eventTypes) {
            const judged = await compareSubject(client, (0, known_ids_1.subjectOf)(topic.name, eventType), history[eventType]);
            problems.push(...judged.problems);
            pending.push(...judged.pending);
        }
    }
    return { problems, pending };
};
exports.judgeLive = judgeLive;
//# sourceMappingURL=live.js.map