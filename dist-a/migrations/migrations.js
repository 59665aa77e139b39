"use strict";
var __createBinding = (this && this.__createBinding) || (Object.create ? (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    var desc = Object.getOwnPropertyDescriptor(m, k);
    if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
      desc = { enumerable: true, get: function() { return m[k]; } };
    }
    Object.defineProperty(o, k2, desc);
}) : (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    o[k2] = m[k];
}));
var __setModuleDefault = (this && this.__setModuleDefault) || (Object.create ? (function(o, v) {
    Object.defineProperty(o, "default", { enumerable: true, value: v });
}) : function(o, v) {
    o["default"] = v;
});
var __importStar = (this && this.__importStar) || (function () {
    var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function (o) {
            var ar = [];
            for (var k in o) if (Object.prototype.hasOwnProperty.call(o, k)) ar[ar.length] = k;
            return ar;
        };
        return ownKeys(o);
    };
    return function (mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        __setModuleDefault(result, mod);
        return result;
    };
})();
Object.defineProperty(exports, "__esModule", { value: true });
exports.versionNeeded = exports.migrations = void 0;
const views = __importStar(require("./0001-views"));
const rebuilds = __importStar(require("./0002-rebuilds"));
const ordersPending = __importStar(require("./0003-orders-pending"));
const rebuildPatience = __importStar(require("./0004-rebuild-patience"));
const lettersByKey = __importStar(require("./0005-letters-by-key"));
/**
 * Every migration there ever was, oldest first. Append only: what has run somewhere is never edited. There is no
 * `down`; a mistake is mended by the next number, because data written since cannot be unwritten.
 */
exports.migrations = {
    '0001-views': views,
    '0002-rebuilds': rebuilds,
    '0003-orders-pending': ordersPending,
    '0004-rebuild-patience': rebuildPatience,
    '0005-letters-by-key': lettersByKey,
};
/** The version that this release needs. A newer database is fine: migrations only add. */
exports.versionNeeded = Object.keys(exports.migrations).at(-1) ?? '';
//# sourceMappingURL=migrations.js.map