"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.deadLettersV2Indexed = exports.createLettersByKeyIndex = void 0;
const dead_letters_v2_1 = require("./dead-letters-v2");
/** The letters of an order. By hash: a key is whatever somebody wrote, and a btree takes no more than 2,704 bytes of it. */
const createLettersByKeyIndex = (schema) => `create index if not exists dead_letters_by_key on ${schema}.dead_letters using hash (key)`;
exports.createLettersByKeyIndex = createLettersByKeyIndex;
/** Version 2 with one more index: its rows are the same, so no rebuild is needed for it. */
exports.deadLettersV2Indexed = {
    ...dead_letters_v2_1.deadLettersV2,
    createIndexes: (schema) => [...dead_letters_v2_1.deadLettersV2.createIndexes(schema), (0, exports.createLettersByKeyIndex)(schema)],
};
//# sourceMappingURL=letters-by-key.js.map