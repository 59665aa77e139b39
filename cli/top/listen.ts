import type { Api } from '../api';
import { couldNot } from '../exit';
import { readNews } from './read-stream';
import type { News } from './snapshot';

/** A stream says something every second; one that says nothing for this long is a connection that is gone. */
const silenceDefaultMs = 10_000;

/**
 * What the console's stream says, one after the other.
 * @throws CommandEnd (could not) when it is silent for too long, before the first news as well as after any.
 */
export async function* listen(
  api: Pick<Api, 'stream'>,
  signal: AbortSignal,
  silenceMs = silenceDefaultMs,
): AsyncGenerator<News> {
  const silence = new AbortController();
  const startTimer = (): NodeJS.Timeout => setTimeout(() => silence.abort(), silenceMs);
  let timer = startTimer();
  try {
    const both = AbortSignal.any([signal, silence.signal]);
    const { body } = await api.stream('queryApi', '/console/stream', both);
    if (!body) throw couldNot('The query API sends no stream.');
    for await (const news of readNews(body)) {
      clearTimeout(timer);
      yield news;
      timer = startTimer();
    }
  } catch (error) {
    if (!silence.signal.aborted) throw error;
    throw couldNot(`The query API has said nothing for ${silenceMs / 1_000} s.`);
  } finally {
    clearTimeout(timer);
  }
}
