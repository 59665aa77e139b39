"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
//# sourceMappingURL=tables.js.map