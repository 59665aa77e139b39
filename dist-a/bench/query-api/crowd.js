"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.runCrowd = void 0;
const pg_1 = require("pg");
const announcement_1 = require("../../migrations/views/announcement");
const raw_reader_1 = require("../../tests/support/raw-reader");
const cpu_seconds_1 = require("../cpu-seconds");
const order_events_1 = require("../order-events");
const closingBrace = '}'.charCodeAt(0);
/** Clients that have asked and wait. What an answer says is looked at when all are there: reading it takes their time. */
class Waiting {
    answered;
    #sockets;
    #texts = [];
    firstAtMs = 0;
    lastAtMs = 0;
    constructor(sockets, text) {
        this.#sockets = sockets;
        this.answered = new Promise((resolve) => {
            let left = sockets.length;
            sockets.forEach((socket, index) => {
                const chunks = (this.#texts[index] = []);
                socket.on('data', (chunk) => {
                    chunks.push(chunk);
                    if (chunk.at(-1) !== closingBrace)
                        return;
                    this.lastAtMs = Date.now();
                    if (this.firstAtMs === 0)
                        this.firstAtMs = this.lastAtMs;
                    left -= 1;
                    if (left === 0)
                        resolve();
                });
                socket.write(text, 'latin1');
            });
        });
    }
    /** Answers that are not what they must be; closes the connections. */
    close() {
        for (const socket of this.#sockets)
            socket.destroy();
        const answers = this.#texts.map((chunks) => Buffer.concat(chunks).toString('latin1'));
        return answers.filter((text) => !text.startsWith('HTTP/1.1 200') || !text.includes('"COMPLETED"')).length;
    }
}
const waitersOf = async (url) => {
    const metrics = await (await fetch(new URL('/metrics', url))).text();
    return Number(/^query_api_waiters\{[^}]*\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
};
const untilTaken = async (url, size) => {
    while ((await waitersOf(url)) !== size)
        await new Promise((resolve) => setTimeout(resolve, 50));
};
/**
 * A place is taken before its waiter has looked at the order for the first time, and a crowd's first look takes the
 * process 10 to 50 ms. Whoever asks last is answered after them.
 */
const untilWaiting = async (url, path, size) => {
    await untilTaken(url, size);
    await (await fetch(new URL(path, url))).text();
};
/** Hears of commits as a query API does. */
const listenFor = async (databaseUrl, id) => {
    const client = new pg_1.Client({ connectionString: databaseUrl });
    await client.connect();
    const heardAtMs = new Promise((resolve) => {
        client.on('notification', ({ payload }) => {
            if ((0, announcement_1.decodeAnnouncement)(payload ?? '')?.decided.includes(id))
                resolve(Date.now());
        });
    });
    await client.query(`listen ${announcement_1.announcementChannel}`);
    return { heardAtMs, close: () => client.end() };
};
const appendedAtMs = async ({ pool }, id) => {
    const { rows } = await pool.query('select outcome_appended_at as at from views.orders where request_id = $1', [id]);
    return Number(rows[0]?.at);
};
/**
 * Lets `size` clients wait for an order that was sold (its number is odd), writes its outcome to the log as the saga
 * does, and times their answers by the broker's clock, which is this machine's.
 */
const runCrowd = async (bed, api, { number, size }) => {
    const url = new URL(api.url);
    const id = (0, order_events_1.orderIdOf)(number);
    await (0, order_events_1.append)(bed.producer, [(0, order_events_1.requestOf)(bed.codec, number)]);
    const sockets = [];
    for (let opened = 0; opened < size; opened += 1)
        sockets.push(await (0, raw_reader_1.openSocket)(url));
    const path = `/orders/${id}`;
    const waiting = new Waiting(sockets, (0, raw_reader_1.requestText)(url, `${path}?wait=60s`));
    await untilWaiting(url, path, size);
    const listener = await listenFor(bed.environment['DATABASE_URL'] ?? '', id);
    const cpuSecondsBefore = (0, cpu_seconds_1.cpuSecondsOf)(api.pid);
    await (0, order_events_1.append)(bed.producer, [(0, order_events_1.outcomeOf)(bed.codec, number)]);
    await waiting.answered;
    const cpuSeconds = (0, cpu_seconds_1.cpuSecondsOf)(api.pid) - cpuSecondsBefore;
    const announcedAtMs = await listener.heardAtMs;
    await listener.close();
    const writtenAtMs = await appendedAtMs(bed, id);
    const wrong = waiting.close();
    await untilTaken(url, 0);
    return {
        cpuSeconds,
        announcedMs: announcedAtMs - writtenAtMs,
        firstMs: waiting.firstAtMs - writtenAtMs,
        lastMs: waiting.lastAtMs - writtenAtMs,
        wrong,
    };
};
exports.runCrowd = runCrowd;
//# sourceMappingURL=crowd.js.map