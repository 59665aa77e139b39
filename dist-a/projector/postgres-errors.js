"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.toInfrastructureError = void 0;
const log_1 = require("../chassis/kafka/log");
const postgres_trouble_1 = require("../chassis/postgres-trouble");
/**
 * Classifies what a transaction threw: trouble of PostgreSQL becomes an InfrastructureError and is retried; a bug of
 * ours stays what it is and ends the process.
 */
const toInfrastructureError = (error) => (0, postgres_trouble_1.isPostgresTrouble)(error)
    ? new log_1.InfrastructureError(`PostgreSQL: ${error.message}`, { cause: error })
    : error;
exports.toInfrastructureError = toInfrastructureError;
//# sourceMappingURL=postgres-errors.js.map