"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
//# sourceMappingURL=report.js.map