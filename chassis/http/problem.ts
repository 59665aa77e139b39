/** One shape for every error answer: RFC 9457 problem details plus a stable code and the faults by field. */
export interface FieldFault {
  readonly field: string;
  readonly message: string;
}

export interface Problem {
  readonly status: number;
  /** Stable, machine-readable: what a client may switch on. */
  readonly error: string;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly FieldFault[];
  /** Seconds until a retry makes sense; becomes `Retry-After`. */
  readonly retryAfterSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Members beside the standard ones, such as the first answer's place on a duplicate. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Thrown inside a route to leave it with a problem answer. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  constructor(problem: Problem, cause?: unknown) {
    super(problem.detail ?? problem.title, { cause });
    this.problem = problem;
  }
}

export const problemContentType = 'application/problem+json';

/** The body of a problem answer; `type` is a URN because the documents have no public address yet. */
export const problemBody = (problem: Problem, correlationId: string): Readonly<Record<string, unknown>> => ({
  type: `urn:flashsale:problem:${problem.error}`,
  title: problem.title,
  status: problem.status,
  ...(problem.detail === undefined ? {} : { detail: problem.detail }),
  error: problem.error,
  correlation_id: correlationId,
  ...(problem.errors === undefined ? {} : { errors: problem.errors }),
  ...problem.more,
});

export const problemHeaders = (problem: Problem): Readonly<Record<string, string>> => ({
  'Content-Type': `${problemContentType}; charset=utf-8`,
  'Cache-Control': 'no-store',
  ...(problem.retryAfterSeconds === undefined
    ? {}
    : { 'Retry-After': String(Math.max(1, Math.ceil(problem.retryAfterSeconds))) }),
  ...problem.headers,
});

export const notFound: Problem = { status: 404, error: 'NOT_FOUND', title: 'Nothing is here' };

export const methodNotAllowed = (allowed: readonly string[]): Problem => ({
  status: 405,
  error: 'METHOD_NOT_ALLOWED',
  title: 'This resource does not answer that method',
  headers: { Allow: allowed.join(', ') },
});

export const internalError: Problem = {
  status: 500,
  error: 'INTERNAL',
  title: 'Something went wrong on our side',
};
