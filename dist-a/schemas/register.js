"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.registerSchemas = void 0;
/** Each new version must read what all earlier ones wrote, and be read by them: replays go back years. */
const level = 'FULL_TRANSITIVE';
/**
 * Registers what is missing. An earlier version is looked up first: some registries take a repeated one for a new
 * version behind the newest.
 */
const registerOne = async (client, schema) => {
    const known = await client.lookup(schema.subject, schema.version.text);
    if (known !== undefined)
        return { kind: 'present', schema, id: known };
    const answer = await client.register(schema.subject, schema.version.text);
    return answer.kind === 'refused'
        ? { kind: 'refused', schema, reason: answer.reason }
        : { kind: 'registered', schema, id: answer.id };
};
const holdLevel = async (client, subject) => {
    if ((await client.compatibility(subject)) !== level)
        await client.setCompatibility(subject, level);
};
/**
 * Registers every version of every event in the order of its history, under FULL_TRANSITIVE. Safe to run again.
 * A refused version stops its own subject, so that no later one takes its number.
 * @throws InfrastructureError when the registry does not answer; what was registered by then stays.
 */
const registerSchemas = async (client, schemas) => {
    const results = [];
    const stopped = new Set();
    for (const subject of new Set(schemas.map((schema) => schema.subject)))
        await holdLevel(client, subject);
    for (const schema of schemas) {
        if (stopped.has(schema.subject))
            continue;
        const result = await registerOne(client, schema);
        if (result.kind === 'refused')
            stopped.add(schema.subject);
        results.push(result);
    }
    return results;
};
exports.registerSchemas = registerSchemas;
//# sourceMappingURL=register.js.map