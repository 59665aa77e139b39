"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.stale = void 0;
exports.stale = 'stale';
//# sourceMappingURL=ports.js.map