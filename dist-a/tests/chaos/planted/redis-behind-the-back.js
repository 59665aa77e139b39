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
exports.changeStockConnections = void 0;
const ioredis_1 = require("ioredis");
const connecting = __importStar(require("../../../saga/stock/connect-stock"));
const keys_1 = require("../../../saga/stock/keys");
const replace_1 = require("./replace");
/** Replaces words of every connection to the stock store; a second connection can undo what the first has done. */
const changeStockConnections = (words) => (0, replace_1.replaceExport)(connecting, 'createStockConnector', (real) => (url, saleId, log, recordsDetail) => {
    const connector = real(url, saleId, log, recordsDetail);
    const redis = new ioredis_1.Redis(url);
    redis.on('error', () => undefined);
    const keys = (0, keys_1.keysOf)(saleId);
    return {
        connect: async () => {
            const connection = await connector.connect();
            return (0, replace_1.changed)(connection, words(connection, { redis, keys }));
        },
    };
});
exports.changeStockConnections = changeStockConnections;
//# sourceMappingURL=redis-behind-the-back.js.map