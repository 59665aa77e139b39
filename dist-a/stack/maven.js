"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.runMaven = exports.downloadingFile = exports.downloadedBytes = void 0;
const node_child_process_1 = require("node:child_process");
const node_readline_1 = require("node:readline");
const unitBytes = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };
/** The bytes in a line like `Downloaded from x: …/a.jar (2.3 MB at 70 MB/s)`, undefined for any other line. */
const downloadedBytes = (line) => {
    const match = /Downloaded from .*\(([\d.]+) (B|kB|MB|GB) at /.exec(line);
    return match ? Number(match[1]) * (unitBytes[match[2] ?? 'B'] ?? 1) : undefined;
};
exports.downloadedBytes = downloadedBytes;
/** The file's name in a line like `Downloading from x: …/a.jar`. */
const downloadingFile = (line) => /Downloading from .*\/([^/\s]+)$/.exec(line)?.[1];
exports.downloadingFile = downloadingFile;
const reportEveryMs = 3000;
const timeoutMs = 15 * 60_000;
const errorLinesMax = 8;
class Progress {
    files = 0;
    bytes = 0;
    current = '';
    errors = [];
    read(line) {
        const bytes = (0, exports.downloadedBytes)(line);
        if (bytes !== undefined) {
            this.files += 1;
            this.bytes += bytes;
        }
        this.current = (0, exports.downloadingFile)(line) ?? this.current;
        if (line.startsWith('[ERROR]') && this.errors.length < errorLinesMax)
            this.errors.push(`    ${line}`);
    }
    get line() {
        // With a filled Maven cache nothing is downloaded, only copied.
        if (this.files === 0)
            return 'Fetching the servers: copying from the Maven cache';
        const megabytes = Math.round(this.bytes / 1e6);
        return `Fetching the servers: ${this.files} files, ${megabytes} MB ${this.current && `(${this.current})`}`;
    }
}
/**
 * Runs the pom's `package` phase, with a line of progress every three seconds.
 * @throws with Maven's own first error lines; a download that takes over 15 minutes is given up, one that is interrupted is ended.
 */
const runMaven = async (pom, properties, report, signal) => {
    report('Fetching the servers (once, about 160 MB)');
    const definitions = Object.entries(properties).map(([name, value]) => `-D${name}=${value}`);
    const maven = (0, node_child_process_1.spawn)('mvn', ['-B', '-f', pom, 'package', ...definitions], {
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: timeoutMs,
        signal,
    });
    const progress = new Progress();
    (0, node_readline_1.createInterface)({ input: maven.stdout }).on('line', (line) => progress.read(line));
    const timer = setInterval(() => report(progress.line), reportEveryMs);
    try {
        const code = await new Promise((resolve, reject) => {
            maven.once('error', reject);
            maven.once('close', resolve);
        });
        if (code !== 0) {
            throw new Error(`Maven could not fetch the servers (${code ?? 'ended'}):\n${progress.errors.join('\n')}`);
        }
    }
    finally {
        clearInterval(timer);
    }
};
exports.runMaven = runMaven;
//# sourceMappingURL=maven.js.map