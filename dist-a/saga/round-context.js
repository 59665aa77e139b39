"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.epochOver = void 0;
/** The store or the log says that this session's epoch has ended; what is not done must be tried in the next one. */
exports.epochOver = 'epoch-over';
//# sourceMappingURL=round-context.js.map