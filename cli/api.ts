import { CommandEnd, couldNot, exitCodes, saysNo } from './exit';
import type { Addresses, Settings } from './settings';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, or the text when it is none. */
  readonly body: unknown;
}

interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly error?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** The HTTP interface of the running system, as an operator. */
export interface Api {
  /** @throws CommandEnd (could not) when there is no answer in time. */
  call(to: keyof Addresses, path: string, options?: CallOptions): Promise<Answer>;
  /** The body of a 2xx; anything else ends the command with what the answer says. */
  get(to: keyof Addresses, path: string): Promise<unknown>;
  command(to: keyof Addresses, path: string, body: unknown): Promise<unknown>;
  /** An answer that goes on. */
  stream(to: keyof Addresses, path: string, signal: AbortSignal): Promise<Response>;
}

/** Longer than any wait that the APIs allow (30 s). */
const timeoutMs = 40_000;

const problemOf = (body: unknown): Problem => (typeof body === 'object' && body !== null ? body : {});

const describe = (status: number, body: unknown): string => {
  const { title, detail, errors = [] } = problemOf(body);
  const fields = errors.map(({ field, message }) => `\n  ${field}: ${message}`).join('');
  return `${title ?? `It was answered ${status}`}${detail === undefined ? '' : `: ${detail}`}${fields}`;
};

/** An answer that is not 2xx, as the end of a command. */
export const refusal = ({ status, body }: Answer): CommandEnd => {
  const text = describe(status, body);
  if (status === 401 || status === 403) {
    return couldNot(
      `${text}\nThe operators' token is read from ADMIN_TOKEN or from the file of --token-file.`,
    );
  }
  if (status === 400) return new CommandEnd(exitCodes.usage, text);
  return status >= 500 ? couldNot(text) : saysNo(text);
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

const causeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
};

/** HTTP calls with a deadline; every one carries the operators' token when there is one. */
export const createApi = ({ addresses, adminToken }: Pick<Settings, 'addresses' | 'adminToken'>): Api => {
  const request = async (to: keyof Addresses, path: string, init: RequestInit): Promise<Response> => {
    const url = `${addresses[to]}${path}`;
    const headers = new Headers(init.headers);
    if (adminToken !== undefined) headers.set('Authorization', `Bearer ${adminToken}`);
    try {
      return await fetch(url, { ...init, headers });
    } catch (error) {
      throw couldNot(`${url} does not answer (${causeOf(error)}).`);
    }
  };

  const call: Api['call'] = async (to, path, options = {}) => {
    const { body, headers = {} } = options;
    const deadline = AbortSignal.timeout(options.timeoutMs ?? timeoutMs);
    const answer = await request(to, path, {
      method: body === undefined ? 'GET' : 'POST',
      signal: options.signal ? AbortSignal.any([deadline, options.signal]) : deadline,
      headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, headers: answer.headers, body: parsed(await answer.text()) };
  };

  const accepted = (answer: Answer): unknown => {
    if (answer.status < 200 || answer.status > 299) throw refusal(answer);
    return answer.body;
  };

  return {
    call,
    get: async (to, path) => accepted(await call(to, path)),
    command: async (to, path, body) => accepted(await call(to, path, { body })),
    stream: async (to, path, signal) => {
      const answer = await request(to, path, { signal, headers: { Accept: 'text/event-stream' } });
      if (!answer.ok) {
        throw refusal({ status: answer.status, headers: answer.headers, body: parsed(await answer.text()) });
      }
      return answer;
    },
  };
};
