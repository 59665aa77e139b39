"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.startTimeoutMs = void 0;
exports.startTimeoutMs = 120_000;
//# sourceMappingURL=server-options.js.map