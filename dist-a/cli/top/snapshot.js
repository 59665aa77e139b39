"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
//# sourceMappingURL=snapshot.js.map