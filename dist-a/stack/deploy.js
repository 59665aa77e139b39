"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.deploy = void 0;
const node_child_process_1 = require("node:child_process");
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const server_process_1 = require("./server-process");
const services_1 = require("./services");
const stack_context_1 = require("./stack-context");
/** A migration may rewrite a table of millions. */
const stepTimeoutMs = 15 * 60_000;
const runStep = async (context, step, environment, signal) => {
    const { dist, logs } = (0, stack_context_1.foldersOf)(context.root);
    const main = (0, node_path_1.join)(dist, step.main);
    if (!(0, node_fs_1.existsSync)(main))
        throw new stack_context_1.StackError(`${main} is missing: run \`make build\` first.`);
    const logFile = (0, node_path_1.join)(logs, `deploy-${step.name}.log`);
    (0, node_fs_1.mkdirSync)(logs, { recursive: true });
    const log = (0, node_fs_1.openSync)(logFile, 'a');
    const child = (0, node_child_process_1.spawn)(process.execPath, [main, ...step.args], {
        env: environment,
        stdio: ['ignore', log, log],
        timeout: stepTimeoutMs,
        signal,
    });
    (0, node_fs_1.closeSync)(log);
    const code = await new Promise((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', resolve);
    });
    if (code !== 0) {
        throw new stack_context_1.StackError(`Deploying ${step.does} failed. The end of ${logFile}:\n${(0, server_process_1.logTail)(logFile)}`);
    }
    context.report(`deployed ${step.does}`);
};
/**
 * Makes the tables, the topics and the schemas, at once; all of it may be there already.
 * @throws the first failure; the other step is ended then, because it would wait for servers that are being stopped.
 */
const deploy = async (context, environment, interrupted) => {
    const failed = new AbortController();
    const signal = AbortSignal.any([failed.signal, interrupted]);
    try {
        await Promise.all(services_1.deploySteps.map((step) => runStep(context, step, environment, signal)));
    }
    catch (error) {
        failed.abort();
        throw error;
    }
};
exports.deploy = deploy;
//# sourceMappingURL=deploy.js.map