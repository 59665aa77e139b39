import { DatabaseError } from 'pg';
import { InfrastructureError } from '../chassis/kafka/log';

/**
 * SQLSTATE classes that no row of ours is to blame for: connection, resources, intervention, system, rollbacks by
 * deadlock, locks, timeouts of a transaction, and tables that are being switched or were dropped.
 */
const outsideClasses = new Set(['08', '25', '40', '53', '55', '57', '58', '3F']);
const outsideCodes = new Set(['42P01']);

/** What PostgreSQL itself answered has an SQLSTATE; a plain Error comes from the socket, the pool or a time-out. */
const isOutside = (error: Error): boolean => {
  if (error instanceof DatabaseError) {
    const state = error.code ?? '';
    return outsideClasses.has(state.slice(0, 2)) || outsideCodes.has(state);
  }
  return error.constructor === Error || error.name === 'AggregateError';
};

/**
 * Classifies what a transaction threw: trouble of PostgreSQL becomes an InfrastructureError and is retried; a bug of
 * ours stays what it is and ends the process.
 */
export const toInfrastructureError = (error: unknown): unknown => {
  if (error instanceof InfrastructureError || !(error instanceof Error)) return error;
  return isOutside(error) ? new InfrastructureError(`PostgreSQL: ${error.message}`, { cause: error }) : error;
};
