import { DatabaseError } from 'pg';
import { isPostgresTrouble } from './postgres-trouble';

const answered = (code: string): DatabaseError => {
  const error = new DatabaseError('from the server', 0, 'error');
  error.code = code;
  return error;
};

describe('trouble of PostgreSQL', () => {
  it.each(['08006', '40P01', '53300', '55P03', '57014', '57P01', '58030', '25P03', '42P01', '3F000'])(
    'is what the server answers with %s',
    (code) => expect(isPostgresTrouble(answered(code))).toBe(true),
  );

  it.each(['22P02', '23505', '42703', '42601'])('is not a bug of ours that it answers with %s', (code) =>
    expect(isPostgresTrouble(answered(code))).toBe(false),
  );

  it('is what the socket and the pool say', () => {
    expect(isPostgresTrouble(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isPostgresTrouble(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))).toBe(true);
    expect(isPostgresTrouble(new AggregateError([], ''))).toBe(true);
  });

  it('is not an error of the language', () => {
    expect(isPostgresTrouble(new TypeError('x is not a function'))).toBe(false);
    expect(isPostgresTrouble('text')).toBe(false);
  });
});
