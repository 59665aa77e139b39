"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.toRecord = void 0;
const headers_1 = require("./headers");
const byOrder = (event) => event.request_id;
const byItem = (event) => event.item_id;
const byCommand = (event) => event.command_id;
const withoutKey = () => null;
/** The key decides the partition, and with it what is ordered with what. */
const keys = {
    OrderRequested: byOrder,
    OrderCompleted: byOrder,
    OrderFailed: byOrder,
    StockAdjusted: byItem,
    BuyerLimitSet: byItem,
    SaleChanged: byItem,
    EpochClaimed: withoutKey,
    EpochStarted: withoutKey,
    LettersPlanned: ({ plan_id }) => plan_id,
    RedriveOrdered: byCommand,
    LettersRedriven: byCommand,
    LettersDiscarded: byCommand,
};
/**
 * An event as a record ready to send. Without a partition in `destination` the key decides.
 * @throws TypeError when the event does not belong on the topic, breaks its own contract, or is an EpochStarted
 * without a partition: a marker fences the one partition it stands in.
 * @throws RangeError when the metadata cannot be headers.
 */
const toRecord = (codec, destination, event, metadata) => {
    const topic = typeof destination === 'string' ? destination : destination.topic;
    if (event.type === 'EpochStarted' && typeof destination === 'string') {
        throw new TypeError('EpochStarted needs an explicit partition.');
    }
    const record = {
        topic,
        key: keys[event.type](event),
        value: codec.encode(topic, event),
        headers: (0, headers_1.toHeaders)(event.type, metadata),
    };
    // Not `{ ...place, key, … }`: members that follow a spread cost 8 µs in Node 20, more than all the rest of a record.
    return typeof destination === 'string' ? record : { partition: destination.partition, ...record };
};
exports.toRecord = toRecord;
//# sourceMappingURL=new-record.js.map