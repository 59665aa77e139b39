import type { Api } from '../api';
import { CommandEnd, exitCodes } from '../exit';
import { listen } from './listen';

const unknown = `event: unknown\ndata: {"since":"then"}\n\n`;

/** A stream that says some things and then nothing, until whoever reads it gives up. */
const streamOf = (...texts: readonly string[]): Pick<Api, 'stream'> => ({
  stream: async (_to, _path, signal) =>
    new Response(
      new ReadableStream({
        start: (controller) => {
          for (const text of texts) controller.enqueue(new TextEncoder().encode(text));
          signal.addEventListener('abort', () => controller.error(signal.reason));
        },
      }),
    ),
});

describe('listening to the sale', () => {
  it('gives each news as it comes, and ends when the stream falls silent', async () => {
    const heard: string[] = [];
    const listening = async (): Promise<void> => {
      const never = new AbortController().signal;
      for await (const news of listen(streamOf(unknown, unknown), never, 100)) heard.push(news.kind);
    };
    const error: unknown = await listening().catch((reason: unknown) => reason);
    expect(heard).toEqual(['unknown', 'unknown']);
    expect(error).toBeInstanceOf(CommandEnd);
    expect(error).toMatchObject({
      code: exitCodes.couldNot,
      message: expect.stringContaining('nothing for'),
    });
  });

  it('ends as it was told to when somebody quits', async () => {
    const quit = new AbortController();
    const listening = async (): Promise<void> => {
      for await (const news of listen(streamOf(unknown), quit.signal)) quit.abort(new Error(news.kind));
    };
    await expect(listening()).rejects.toThrow('unknown');
  });
});
