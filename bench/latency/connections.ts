import type { Socket } from 'node:net';
import { openReader } from '../../tests/support/raw-reader';

/** Kept connections to one server, each with one request at a time; opens another when all are busy. */
export class Connections {
  readonly #url: URL;
  readonly #idle: ((request: string, onAnswer: (answer: string) => void) => void)[] = [];
  readonly #sockets: Socket[] = [];

  constructor(url: string) {
    this.#url = new URL(url);
  }

  get opened(): number {
    return this.#sockets.length;
  }

  get host(): string {
    return this.#url.host;
  }

  /** Opens some beforehand: connecting is no part of what a buyer who is there already waits for. */
  async open(count: number): Promise<void> {
    for (let opened = 0; opened < count; opened += 1) this.#idle.push(await this.#connect());
  }

  async ask(request: string): Promise<string> {
    const send = this.#idle.pop() ?? (await this.#connect());
    return new Promise((resolve) =>
      send(request, (answer) => {
        this.#idle.push(send);
        resolve(answer);
      }),
    );
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async #connect(): Promise<(request: string, onAnswer: (answer: string) => void) => void> {
    let settle: (answer: string) => void = () => undefined;
    const socket = await openReader(this.#url, (answer) => settle(answer));
    this.#sockets.push(socket);
    return (request, onAnswer) => {
      settle = onAnswer;
      socket.write(request, 'latin1');
    };
  }
}
