"use strict";
/**
 * The published events, as every reader sees them today. One word everywhere: the type here, the `type` literal,
 * the Avro record's name and the folder of its schema versions. Times are milliseconds since 1970, UTC.
 * Facts about the event itself (its id, correlation, causation, trace) travel in the record's headers.
 */
Object.defineProperty(exports, "__esModule", { value: true });
exports.eventTypes = exports.isLetterEvent = exports.letterEffects = exports.saleModes = exports.saleActions = exports.failureReasons = exports.salesChannels = void 0;
exports.salesChannels = ['WEB', 'APP', 'PARTNER', 'OTHER'];
exports.failureReasons = [
    'SOLD_OUT',
    'PAYMENT',
    'LIMIT_EXCEEDED',
    'SALE_CLOSED',
    'UNKNOWN_ITEM',
    'EXPIRED',
    'UNPROCESSABLE',
    'OTHER',
];
exports.saleActions = ['OPEN', 'PAUSE', 'RESUME', 'CLOSE', 'SCHEDULE', 'OTHER'];
exports.saleModes = ['OPEN', 'PAUSED', 'CLOSED'];
exports.letterEffects = ['APPENDED', 'ALREADY_TERMINAL', 'FAILED_AGAIN', 'NOT_OPEN', 'OTHER'];
const isLetterEvent = (event) => event.type === 'LettersPlanned' ||
    event.type === 'RedriveOrdered' ||
    event.type === 'LettersRedriven' ||
    event.type === 'LettersDiscarded';
exports.isLetterEvent = isLetterEvent;
exports.eventTypes = [
    'OrderRequested',
    'OrderCompleted',
    'OrderFailed',
    'StockAdjusted',
    'BuyerLimitSet',
    'SaleChanged',
    'EpochClaimed',
    'EpochStarted',
    'LettersPlanned',
    'RedriveOrdered',
    'LettersRedriven',
    'LettersDiscarded',
];
//# sourceMappingURL=events.js.map