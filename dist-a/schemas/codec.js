"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.poisonReasons = void 0;
exports.poisonReasons = [
    'NULL_VALUE',
    'NOT_FRAMED',
    'UNKNOWN_SCHEMA',
    'FOREIGN_TYPE',
    'UNDECODABLE',
    'INVALID_FIELD',
];
//# sourceMappingURL=codec.js.map