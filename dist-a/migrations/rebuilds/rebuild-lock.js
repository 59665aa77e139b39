"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.rebuildLockOf = exports.rebuildLockClass = void 0;
/** The advisory lock of whoever rebuilds a view. Any number will do that is not the migrations'; it must never change. */
exports.rebuildLockClass = 71_900;
exports.rebuildLockOf = { orders: 1, items: 2, 'dead-letters': 3 };
//# sourceMappingURL=rebuild-lock.js.map