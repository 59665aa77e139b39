"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.viewSchemas = void 0;
exports.viewSchemas = ['views', 'views_next', 'views_previous'];
//# sourceMappingURL=view-shape.js.map