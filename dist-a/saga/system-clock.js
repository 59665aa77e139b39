"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.systemClock = void 0;
const deadline_1 = require("../chassis/deadline");
exports.systemClock = { nowMs: () => performance.now(), pause: deadline_1.pause };
//# sourceMappingURL=system-clock.js.map