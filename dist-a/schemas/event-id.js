"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.eventIdOf = exports.uuidV5 = void 0;
const node_crypto_1 = require("node:crypto");
/** Our namespace for version 5 UUIDs, drawn once at random. Changing it renames every event ever written. */
const namespaceBytes = Buffer.from('af495be10f9442228c69077a19cc4509', 'hex');
/** The namespace with room for a name behind it: two buffers an id, made and thrown away, cost more than the hash. */
const namedBytes = Buffer.concat([namespaceBytes, Buffer.alloc(1_024)]);
const bytesOf = (name) => {
    if (name.length * 3 > namedBytes.length - namespaceBytes.length) {
        return Buffer.concat([namespaceBytes, Buffer.from(name, 'utf8')]);
    }
    return namedBytes.subarray(0, namespaceBytes.length + namedBytes.write(name, namespaceBytes.length));
};
/** RFC 9562 version 5: the same name gives the same id, on every machine, for ever. */
const uuidV5 = (name) => {
    const digest = (0, node_crypto_1.hash)('sha1', bytesOf(name), 'hex');
    const variant = ((parseInt(digest.charAt(16), 16) & 0x3) | 0x8).toString(16);
    return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
};
exports.uuidV5 = uuidV5;
/**
 * What an event is, as a name: two copies of one event have one name, two events never do. An order has one request
 * and one terminal state, whichever process writes it and however often.
 */
const names = {
    OrderRequested: ({ request_id }) => `${request_id}:requested`,
    OrderCompleted: ({ request_id }) => `${request_id}:terminal`,
    OrderFailed: ({ request_id }) => `${request_id}:terminal`,
    StockAdjusted: ({ command_id }) => `${command_id}:stock-adjusted`,
    BuyerLimitSet: ({ command_id }) => `${command_id}:buyer-limit-set`,
    SaleChanged: ({ command_id }) => `${command_id}:sale-changed`,
    EpochClaimed: ({ claimed_by, claimed_at }) => `${claimed_by}:${claimed_at}:epoch-claimed`,
    EpochStarted: ({ epoch }, partition) => `${epoch}:${partition ?? '*'}:epoch-started`,
    LettersPlanned: ({ plan_id }) => `${plan_id}:letters-planned`,
    RedriveOrdered: ({ command_id }) => `${command_id}:redrive-ordered`,
    LettersRedriven: ({ command_id, results }) => `${command_id}:${results.map(({ letter }) => letter).join()}:letters-redriven`,
    LettersDiscarded: ({ command_id }) => `${command_id}:letters-discarded`,
};
/** The id of an event, from its content alone. `partition` counts for EpochStarted, of which each partition has its own. */
const eventIdOf = (event, partition) => (0, exports.uuidV5)(names[event.type](event, partition));
exports.eventIdOf = eventIdOf;
//# sourceMappingURL=event-id.js.map