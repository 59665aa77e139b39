"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.logReaderScenarios = void 0;
const node_child_process_1 = require("node:child_process");
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const during_1 = require("./during");
const stoppedReader = (file) => {
    (0, node_child_process_1.execFileSync)('mkfifo', [file]);
    const reader = (0, node_fs_1.openSync)(file, node_fs_1.constants.O_RDONLY | node_fs_1.constants.O_NONBLOCK);
    const output = (0, node_fs_1.openSync)(file, node_fs_1.constants.O_WRONLY | node_fs_1.constants.O_NONBLOCK);
    (0, node_fs_1.rmSync)(file);
    try {
        for (;;)
            (0, node_fs_1.writeSync)(output, Buffer.alloc(4096, '\n'));
    }
    catch (error) {
        if (error.code !== 'EAGAIN')
            throw error;
    }
    return { output, die: () => (0, node_fs_1.closeSync)(reader) };
};
/** A service says little while all is well; what it says about lost connections has to go somewhere. */
const giveThemWords = async ({ system, wait }) => {
    const { sagaRedis, apiRedis, projectorPostgres } = system.links;
    for (let round = 0; round < 3; round += 1) {
        for (const link of [sagaRedis, apiRedis, projectorPostgres])
            link.cut();
        await wait(1_500);
    }
};
const startAgainWith = async (process, output) => {
    process.replan({ output });
    await process.kill('SIGTERM');
    await process.ready();
};
const nobodyReadsLogs = {
    id: 'F30',
    title: 'the reader of the logs of every saga, projector and command API stops for 8 s, and then dies',
    bound: 'nobody ends; accepted and decided all the time, within 2 s and 5 s',
    act: async (stage) => {
        const { system } = stage;
        const services = ['saga', 'projector', 'command-api'].flatMap((role) => system.instances(role));
        const reader = stoppedReader((0, node_path_1.join)(system.folder, 'full.pipe'));
        await Promise.all(services.map((service) => startAgainWith(service, reader.output)));
        (0, node_fs_1.closeSync)(reader.output);
        const bounds = { sinceFault: (0, during_1.goesOn)({ accepting: 2_000, deciding: 5_000 }) };
        await (0, during_1.during)(stage, 'nobody reads logs', bounds, async () => {
            await giveThemWords(stage);
            await stage.wait(3_500);
        });
        await (0, during_1.during)(stage, 'the reader of logs has died', bounds, async () => {
            reader.die();
            await giveThemWords(stage);
            await stage.wait(3_500);
        });
        await Promise.all(services.map((service) => startAgainWith(service, undefined)));
    },
};
exports.logReaderScenarios = [nobodyReadsLogs];
//# sourceMappingURL=logs.js.map