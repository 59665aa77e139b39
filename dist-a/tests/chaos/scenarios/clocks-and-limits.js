"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.limitScenarios = void 0;
const node_child_process_1 = require("node:child_process");
const node_events_1 = require("node:events");
const node_net_1 = __importDefault(require("node:net"));
const catalogue_1 = require("./catalogue");
const during_1 = require("./during");
const hourMs = 3_600_000;
const wrongClocks = {
    id: 'F21',
    title: 'one saga is an hour ahead, one API an hour behind; a projector’s clock jumps by 10 min while it runs',
    bound: 'accepted and decided all the time, within 2 s and 12 s; no decision differs',
    mayExitWith: [70, 72],
    act: async (stage) => {
        const skewed = [
            ['saga-1', { skewMs: hourMs }],
            ['command-api-1', { skewMs: -hourMs }],
            ['projector-1', { jumpMs: 600_000, jumpAfterMs: 5_000 }],
        ];
        const bounds = { sinceFault: (0, during_1.goesOn)({ accepting: 2_000, deciding: 12_000 }) };
        await (0, during_1.during)(stage, 'wrong clocks', bounds, async () => {
            for (const [name, skew] of skewed)
                await (0, catalogue_1.skewClock)(stage.system.instance(name), skew);
            await stage.wait(12_000);
        });
        for (const [name] of skewed)
            await (0, catalogue_1.rightClock)(stage.system.instance(name));
    },
};
/** Opens `count` connections that say nothing, and closes them after `lastMs`. */
const crowd = async (stage, process, count, lastMs) => {
    const sockets = Array.from({ length: count }, () => {
        const socket = node_net_1.default.connect(process.port, '127.0.0.1');
        socket.on('error', () => undefined);
        return socket;
    });
    await Promise.race([Promise.all(sockets.map((socket) => (0, node_events_1.once)(socket, 'connect'))), stage.wait(3_000)]);
    await stage.wait(lastMs);
    for (const socket of sockets)
        socket.destroy();
};
/** The soft limit only: who may not raise the hard one could not take it back. */
const setFilesMax = (process, count) => void (0, node_child_process_1.execFileSync)('prlimit', [`--pid=${process.pid}`, `--nofile=${count}:`]);
const fewDescriptors = {
    id: 'F31',
    title: 'an API may open 128 files, and 2,000 clients connect to it and say nothing',
    bound: 'it does not end; orders are accepted by the other one within 1 s, by it within 5 s after',
    act: async (stage) => {
        const api = stage.system.instance('command-api-1');
        setFilesMax(api, 128);
        const bounds = { sinceFault: (0, during_1.goesOn)({ accepting: 1_000 }), sinceHeal: { accepting_ms: 5_000 } };
        await (0, during_1.during)(stage, 'a crowd at command-api-1', bounds, () => crowd(stage, api, 2_000, 8_000));
        await api.ready(10_000);
        setFilesMax(api, 1_024);
    },
};
exports.limitScenarios = [wrongClocks, fewDescriptors];
//# sourceMappingURL=clocks-and-limits.js.map