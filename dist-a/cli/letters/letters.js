"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
//# sourceMappingURL=letters.js.map