import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Takes one line of progress for a person to read. */
export type Report = (line: string) => void;

const unitBytes: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };

/** The bytes in a line like `Downloaded from x: …/a.jar (2.3 MB at 70 MB/s)`, undefined for any other line. */
export const downloadedBytes = (line: string): number | undefined => {
  const match = /Downloaded from .*\(([\d.]+) (B|kB|MB|GB) at /.exec(line);
  return match ? Number(match[1]) * (unitBytes[match[2] ?? 'B'] ?? 1) : undefined;
};

/** The file's name in a line like `Downloading from x: …/a.jar`. */
export const downloadingFile = (line: string): string | undefined =>
  /Downloading from .*\/([^/\s]+)$/.exec(line)?.[1];

const reportEveryMs = 3000;
const timeoutMs = 15 * 60_000;
const errorLinesMax = 8;

class Progress {
  private files = 0;
  private bytes = 0;
  private current = '';
  readonly errors: string[] = [];

  read(line: string): void {
    const bytes = downloadedBytes(line);
    if (bytes !== undefined) {
      this.files += 1;
      this.bytes += bytes;
    }
    this.current = downloadingFile(line) ?? this.current;
    if (line.startsWith('[ERROR]') && this.errors.length < errorLinesMax) this.errors.push(`    ${line}`);
  }

  get line(): string {
    // With a filled Maven cache nothing is downloaded, only copied.
    if (this.files === 0) return 'Fetching the servers: copying from the Maven cache';
    const megabytes = Math.round(this.bytes / 1e6);
    return `Fetching the servers: ${this.files} files, ${megabytes} MB ${this.current && `(${this.current})`}`;
  }
}

/**
 * Runs the pom's `package` phase, with a line of progress every three seconds.
 * @throws with Maven's own first error lines; a download that takes over 15 minutes is given up, one that is interrupted is ended.
 */
export const runMaven = async (
  pom: string,
  properties: Readonly<Record<string, string>>,
  report: Report,
  signal: AbortSignal | undefined,
): Promise<void> => {
  report('Fetching the servers (once, about 160 MB)');
  const definitions = Object.entries(properties).map(([name, value]) => `-D${name}=${value}`);
  const maven = spawn('mvn', ['-B', '-f', pom, 'package', ...definitions], {
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: timeoutMs,
    signal,
  });
  const progress = new Progress();
  createInterface({ input: maven.stdout }).on('line', (line) => progress.read(line));
  const timer = setInterval(() => report(progress.line), reportEveryMs);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      maven.once('error', reject);
      maven.once('close', resolve);
    });
    if (code !== 0) {
      throw new Error(
        `Maven could not fetch the servers (${code ?? 'ended'}):\n${progress.errors.join('\n')}`,
      );
    }
  } finally {
    clearInterval(timer);
  }
};
