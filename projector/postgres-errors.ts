import { InfrastructureError } from '../chassis/kafka/log';
import { isPostgresTrouble } from '../chassis/postgres-trouble';

/**
 * Classifies what a transaction threw: trouble of PostgreSQL becomes an InfrastructureError and is retried; a bug of
 * ours stays what it is and ends the process.
 */
export const toInfrastructureError = (error: unknown): unknown =>
  isPostgresTrouble(error)
    ? new InfrastructureError(`PostgreSQL: ${error.message}`, { cause: error })
    : error;
