"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
//# sourceMappingURL=folded.js.map