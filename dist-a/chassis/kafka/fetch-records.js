"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.fetchRecords = exports.LogGapError = void 0;
const api_1 = require("./wire/api");
const fetch_request_1 = require("./wire/fetch-request");
const record_batch_reader_1 = require("./wire/record-batch-reader");
/**
 * Offsets are missing in a partition. These topics are not compacted, and a stranger's transaction marker counts as a
 * record, so records were deleted or skipped, and nobody may go on as if nothing happened.
 */
class LogGapError extends Error {
    name = 'LogGapError';
}
exports.LogGapError = LogGapError;
const checkGap = (place, records, nextOffset) => {
    let expected = place.fromOffset;
    for (const record of records) {
        if (record.offset !== expected)
            break;
        expected += 1;
    }
    if (expected === nextOffset)
        return;
    throw new LogGapError(`${place.topic}:${place.partition} has no record with offset ${expected}`);
};
const readPartition = (place, partition, withHeaders) => {
    if (partition.errorCode === api_1.kafkaError.offsetOutOfRange) {
        const error = new Error(`${place.topic}:${place.partition} has no offset ${place.fromOffset}`);
        return { kind: 'out-of-range', place, error };
    }
    if (partition.errorCode !== api_1.kafkaError.none) {
        return { kind: 'unavailable', place, error: new Error((0, api_1.kafkaErrorText)(partition.errorCode)) };
    }
    const { records, nextOffset } = (0, record_batch_reader_1.readRecordBatches)(partition.bytes, place, withHeaders);
    checkGap(place, records, nextOffset);
    return { kind: 'records', place, records, high: partition.high };
};
/**
 * Asks the broker `nodeId` once for records from each place on. Throws InfrastructureError when it does not answer,
 * LogGapError and RecordFormatError when what it answers cannot be trusted.
 */
const fetchRecords = async (cluster, nodeId, places, wanted) => {
    const link = await cluster.node(nodeId);
    const withinMs = wanted.waitMs + cluster.connection.requestTimeoutMs;
    const answer = (await link.send((0, fetch_request_1.fetchRequest)(places, wanted, withinMs)));
    const fetched = answer.partitions.map((partition) => {
        const place = places.find((each) => each.topic === partition.topic && each.partition === partition.partition);
        return place && readPartition(place, partition, wanted.withHeaders ?? true);
    });
    return fetched.filter((each) => each !== undefined);
};
exports.fetchRecords = fetchRecords;
//# sourceMappingURL=fetch-records.js.map