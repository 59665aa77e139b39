"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.pagePolicy = void 0;
/**
 * The Content-Security-Policy of our pages: one loads itself, asks this origin and nothing else, and works offline.
 * @param alsoAsks another origin that its script may ask
 */
const pagePolicy = (alsoAsks) => [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    ["connect-src 'self'", alsoAsks].filter(Boolean).join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
].join('; ');
exports.pagePolicy = pagePolicy;
//# sourceMappingURL=page-policy.js.map