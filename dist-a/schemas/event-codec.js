"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createStaticCodec = exports.createEventCodec = exports.ContractsError = void 0;
const log_1 = require("../chassis/kafka/log");
const log_2 = require("../chassis/log");
const assemble_codec_1 = require("./assemble-codec");
const history_1 = require("./history");
const id_cache_1 = require("./id-cache");
const known_ids_1 = require("./known-ids");
const registry_client_1 = require("./registry-client");
const topics_1 = require("./topics");
/** What keeps a service from starting, each with what to do about it. */
class ContractsError extends Error {
    name = 'ContractsError';
    problems;
    constructor(problems) {
        super(`The published contracts are not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
        this.problems = problems;
    }
}
exports.ContractsError = ContractsError;
/** Schemas of newer writers kept on disk; more than that is not a rolling upgrade. */
const keptMax = 200;
const knownIds = (found) => found.flatMap((it) => (it.kind === 'known' ? [{ schema: it.schema, id: it.id }] : []));
/** @throws ContractsError when the registry says no, InfrastructureError when it says nothing. */
const refuseProblems = (found) => {
    const problems = found.flatMap((it) => (0, known_ids_1.problemOf)(it) ?? []);
    if (problems.length === 0)
        return;
    const unreachable = found.find((it) => it.kind === 'unreachable');
    const onlyUnreachable = found.every((it) => it.kind === 'unreachable' || it.kind === 'known');
    if (unreachable && onlyUnreachable) {
        throw new log_1.InfrastructureError(problems.join('\n'), { cause: unreachable.error });
    }
    throw new ContractsError(problems);
};
const keeper = ({ cacheFile, registryUrl, log = log_2.silentLog }, start) => {
    let cache = start;
    const write = () => {
        if (cacheFile === undefined)
            return;
        try {
            (0, id_cache_1.writeIdCache)(cacheFile, registryUrl, cache);
        }
        catch (error) {
            log.warn('The schema ids cannot be kept on disk: a start without the registry would fail', {
                event: 'schema_cache_failed',
                error,
            });
        }
    };
    return {
        save: (found) => {
            const ours = new Map(knownIds(found).map(({ schema, id }) => [(0, known_ids_1.cacheKeyOf)(schema), id]));
            cache = { ...cache, ours: new Map([...cache.ours, ...ours]) };
            write();
        },
        keep: (schemaId, text) => {
            if (cache.learned.size >= keptMax)
                return;
            cache = { ...cache, learned: new Map([...cache.learned, [schemaId, text]]) };
            write();
        },
    };
};
/**
 * The codec on a real registry. Learns at start, with one lookup for each version of each event on the given topics,
 * under which ids our schemas are registered; later it asks only for ids it meets in the log and does not know.
 * It never registers anything.
 * @throws ContractsError when a schema is not registered (the deploy step has not run) or ids have changed.
 * @throws InfrastructureError when the registry does not answer and the cache file does not know every id.
 */
const createEventCodec = async (options) => {
    const { registryUrl, topics = Object.values(topics_1.topics), cacheFile, log = log_2.silentLog } = options;
    const history = options.history ?? (0, history_1.readHistory)();
    const client = (0, registry_client_1.createRegistryClient)(registryUrl, options.fetchTimeoutMs ?? 2_000);
    const cache = cacheFile === undefined ? id_cache_1.emptyIdCache : (0, id_cache_1.readIdCache)(cacheFile, registryUrl);
    const found = await (0, known_ids_1.findOurIds)(client, (0, known_ids_1.ourSchemas)(topics, history), cache.ours);
    refuseProblems(found);
    const fromDisk = found.filter((it) => it.kind === 'known' && it.from === 'disk').length;
    if (fromDisk > 0) {
        log.warn('The Schema Registry does not answer; schema ids come from disk', {
            event: 'schema_ids_from_disk',
            ids: fromDisk,
        });
    }
    const { save, keep } = keeper(options, cache);
    if (fromDisk < found.length)
        save(found);
    return (0, assemble_codec_1.assembleCodec)({
        topics,
        history,
        known: knownIds(found),
        texts: cache.learned,
        fetchSchema: (schemaId) => client.schemaById(schemaId),
        onLearned: keep,
        nowMs: options.nowMs ?? (() => performance.now()),
    });
};
exports.createEventCodec = createEventCodec;
/** For unit tests and tools without a registry: ids count from 1, and every other id is unknown. */
const createStaticCodec = (topics = Object.values(topics_1.topics), history = (0, history_1.readHistory)()) => {
    const schemas = (0, known_ids_1.ourSchemas)(topics, history);
    const texts = [...new Set(schemas.map((schema) => schema.version.text))];
    return (0, assemble_codec_1.assembleCodec)({
        topics,
        history,
        known: schemas.map((schema) => ({ schema, id: texts.indexOf(schema.version.text) + 1 })),
        texts: new Map(),
        fetchSchema: () => Promise.resolve(undefined),
        onLearned: () => undefined,
        nowMs: () => performance.now(),
    });
};
exports.createStaticCodec = createStaticCodec;
//# sourceMappingURL=event-codec.js.map