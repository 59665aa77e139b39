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
const cursors = __importStar(require("../../../projector/cursors"));
const transactions = __importStar(require("../../../projector/view-transaction"));
const failpoint_1 = require("../failpoint");
const run_service_1 = require("../processes/run-service");
const replace_1 = require("./replace");
const pass = (0, failpoint_1.stepsArmedBy)(process.env['FAILPOINT_FILE']);
(0, replace_1.replaceExport)(transactions, 'transact', (real) => (options, folded) => {
    pass('before-begin');
    return real(options, folded);
});
/** The cursor goes where this process thinks it should, wherever it is. */
(0, replace_1.replaceExport)(cursors, 'moveCursors', () => async (client, projection, schema, moves) => {
    for (const { topic, partition, to } of moves) {
        await client.query(`update ${schema}.${projection.offsetsTable}
       set next = $3, epoch = $4, voided = $5, undecodable = $6, first_appended_at = $7, appended_at = $8
       where topic = $1 and partition = $2`, [topic, partition, to.next, to.epoch, to.voided, to.undecodable, to.firstAppendedAtMs, to.appendedAtMs]);
    }
    return 'moved';
});
(0, run_service_1.runProjector)();
//# sourceMappingURL=projector-without-compare-and-set.js.map