"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.metricsOfAllWorkers = exports.answerMetricsRequests = void 0;
const node_cluster_1 = __importDefault(require("node:cluster"));
const prom_client_1 = require("prom-client");
const deadline_1 = require("./deadline");
const allWithinMs = 5_000;
/** A worker that hangs is left out of a scrape, not the others with it. */
const ownWithinMs = 2_000;
const isMessage = (message) => typeof message?.kind === 'string';
/** Questions that wait for an answer with the same number. */
class Questions {
    waiting = new Map();
    asked = 0;
    async ask(send, withinMs) {
        const id = (this.asked += 1);
        const answered = new Promise((resolve) => this.waiting.set(id, resolve));
        send(id);
        try {
            return await (0, deadline_1.withDeadline)(answered, withinMs, 'the metrics of all workers');
        }
        finally {
            this.waiting.delete(id);
        }
    }
    answer(id, result) {
        this.waiting.get(id)?.(result);
    }
}
/** In the first process: answers workers that ask for the metrics of all. Gives back what ends it. */
const answerMetricsRequests = () => {
    const questions = new Questions();
    const listening = new Set();
    const own = (worker) => questions
        .ask((id) => worker.send({ kind: 'own-wanted', id }), ownWithinMs)
        .catch(() => []);
    const answerAll = async (asker, id) => {
        // One that has not begun to listen counts nothing yet, and would not answer.
        const all = await Promise.all([...listening].filter((worker) => worker.isConnected()).map(own));
        const text = await prom_client_1.AggregatorRegistry.aggregate(all).metrics();
        if (asker.isConnected())
            asker.send({ kind: 'all', id, text });
    };
    const onListening = (worker) => void listening.add(worker);
    const onExit = (worker) => void listening.delete(worker);
    const onMessage = (worker, message) => {
        if (!isMessage(message))
            return;
        if (message.kind === 'all-wanted')
            void answerAll(worker, message.id);
        if (message.kind === 'own')
            questions.answer(message.id, message.values);
    };
    node_cluster_1.default.on('listening', onListening).on('exit', onExit).on('message', onMessage);
    return () => node_cluster_1.default.off('listening', onListening).off('exit', onExit).off('message', onMessage);
};
exports.answerMetricsRequests = answerMetricsRequests;
/**
 * The metrics of all workers, whichever of them is asked: a scrape reaches any one, and counters that jump between
 * workers make every rate wrong. In a process that is no worker, the registry itself.
 */
const metricsOfAllWorkers = (own) => {
    if (!node_cluster_1.default.isWorker)
        return own;
    const questions = new Questions();
    const send = (message) => void process.send?.(message);
    const sendOwn = async (id) => send({ kind: 'own', id, values: await own.getMetricsAsJSON() });
    process.on('message', (message) => {
        if (!isMessage(message))
            return;
        if (message.kind === 'own-wanted')
            void sendOwn(message.id);
        if (message.kind === 'all')
            questions.answer(message.id, message.text);
    });
    return {
        contentType: own.contentType,
        metrics: () => questions.ask((id) => send({ kind: 'all-wanted', id }), allWithinMs),
    };
};
exports.metricsOfAllWorkers = metricsOfAllWorkers;
//# sourceMappingURL=worker-metrics.js.map