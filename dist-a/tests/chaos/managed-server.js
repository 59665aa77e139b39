"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.ManagedServer = void 0;
/** Kafka, the registry, Redis or PostgreSQL on one port and one data folder, through as many processes as it takes. */
class ManagedServer {
    name;
    #begin;
    #running;
    constructor(name, begin) {
        this.name = name;
        this.#begin = begin;
    }
    get isUp() {
        return this.#running !== undefined;
    }
    get url() {
        return this.#now().url;
    }
    get pid() {
        return this.#now().pid;
    }
    /** Resolves when it answers. */
    async start() {
        this.#running ??= await this.#begin();
    }
    async kill(signal = 'SIGKILL') {
        const running = this.#now();
        this.#running = undefined;
        await running.kill(signal);
    }
    /** As its operator would. */
    async stop() {
        const running = this.#running;
        this.#running = undefined;
        await running?.stop();
    }
    /** Ends it by force, whatever it is doing. For data that nobody wants any more. */
    async destroy() {
        const running = this.#running;
        this.#running = undefined;
        // PostgreSQL's immediate stop takes its other processes and its shared memory along.
        if (running?.name === 'postgres') {
            await running.kill('SIGCONT');
            await running.kill('SIGQUIT').catch(() => running.kill('SIGKILL'));
        }
        else
            await running?.kill('SIGKILL');
    }
    sleep() {
        void this.#now().kill('SIGSTOP');
    }
    wake() {
        void this.#now().kill('SIGCONT');
    }
    #now() {
        if (!this.#running)
            throw new Error(`${this.name} does not run`);
        return this.#running;
    }
}
exports.ManagedServer = ManagedServer;
//# sourceMappingURL=managed-server.js.map