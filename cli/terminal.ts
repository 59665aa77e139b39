import { coloured, plain, type Paint } from './render/paint';

export interface OutStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** Where a command writes: answers to `out`, what is said on the way to `err`. */
export interface Terminal {
  readonly out: OutStream;
  readonly err: OutStream;
  readonly paint: Paint;
  /** Columns of `out`; a wide page when it is no terminal. */
  readonly width: number;
  lines(lines: readonly string[]): void;
  json(value: unknown): void;
  /** A notice on the way, never part of the answer. */
  say(text: string): void;
}

/** `NO_COLOR` holds with any value but the empty one (no-color.org). */
export const createTerminal = (out: OutStream, err: OutStream, noColor: string | undefined): Terminal => ({
  out,
  err,
  paint: out.isTTY === true && (noColor ?? '') === '' ? coloured : plain,
  width: out.isTTY === true ? (out.columns ?? 80) : 120,
  lines: (lines) => {
    if (lines.length > 0) out.write(`${lines.join('\n')}\n`);
  },
  json: (value) => void out.write(`${JSON.stringify(value, null, 2)}\n`),
  say: (text) => void err.write(`${text}\n`),
});

/** Work that takes long: one line rewritten on a terminal, a line every few seconds elsewhere. */
export interface Progress {
  show(text: string): void;
  end(): void;
}

const plainEveryMs = 5_000;

export const createProgress = (err: OutStream, nowMs: () => number = () => performance.now()): Progress => {
  let isOpen = false;
  let saidAtMs = -Infinity;
  let said = '';
  return {
    show: (text) => {
      if (err.isTTY === true) {
        err.write(`\r\u001b[K${text}`);
        isOpen = true;
      } else if (text !== said && nowMs() - saidAtMs >= plainEveryMs) {
        err.write(`${text}\n`);
        saidAtMs = nowMs();
        said = text;
      }
    },
    end: () => {
      if (isOpen) err.write('\r\u001b[K');
      isOpen = false;
    },
  };
};
