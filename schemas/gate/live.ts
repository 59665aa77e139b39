import { isDeepStrictEqual } from 'node:util';
import type { SchemaHistory, SchemaVersion } from '../history';
import { subjectOf } from '../known-ids';
import type { RegistryClient } from '../registry-client';
import type { Topic } from '../topics';

export interface LiveJudgement {
  /** What is wrong, with what to do. */
  readonly problems: readonly string[];
  /** What the next deploy will register. */
  readonly pending: readonly string[];
}

type Client = Pick<RegistryClient, 'versions' | 'version' | 'compatibility'>;

const sameSchema = (registered: string, version: SchemaVersion): boolean => {
  try {
    return isDeepStrictEqual(JSON.parse(registered), version.schema);
  } catch {
    return false;
  }
};

const strangers = (
  subject: string,
  registered: readonly string[],
  ours: readonly SchemaVersion[],
): readonly string[] =>
  registered.flatMap((text, index) =>
    ours.some((version) => sameSchema(text, version))
      ? []
      : [
          `${subject}: the registry's version ${index + 1} is not in this history. Either this checkout is old (update it), ` +
            'or somebody registered by hand (add that schema as the next .avsc here, because records may have been written with it).',
        ],
  );

const outOfOrder = (
  subject: string,
  registered: readonly string[],
  ours: readonly SchemaVersion[],
): readonly string[] => {
  const places = ours
    .map((version) => registered.findIndex((text) => sameSchema(text, version)))
    .filter((place) => place >= 0);
  return places.every((place, index) => index === 0 || place > (places[index - 1] ?? -1))
    ? []
    : [`${subject}: the registry holds our versions in another order than this history.`];
};

const compareSubject = async (
  client: Client,
  subject: string,
  ours: readonly SchemaVersion[],
): Promise<LiveJudgement> => {
  const registered: string[] = [];
  for (const number of await client.versions(subject)) {
    registered.push((await client.version(subject, number)) ?? '');
  }
  const pending = ours
    .filter((version) => !registered.some((text) => sameSchema(text, version)))
    .map(({ version }) => `${subject} v${version} is not registered yet: the deploy step will do it.`);
  const level = registered.length === 0 ? undefined : await client.compatibility(subject);
  const wrongLevel =
    registered.length === 0 || level === 'FULL_TRANSITIVE'
      ? []
      : [
          `${subject} has the compatibility ${level ?? 'of the registry'} instead of FULL_TRANSITIVE: run the deploy step.`,
        ];
  return {
    problems: [
      ...strangers(subject, registered, ours),
      ...outOfOrder(subject, registered, ours),
      ...wrongLevel,
    ],
    pending,
  };
};

/**
 * Compares the history with what a registry holds, subject by subject.
 * @throws InfrastructureError when the registry does not answer.
 */
export const judgeLive = async (
  client: Client,
  history: SchemaHistory,
  topics: readonly Topic[],
): Promise<LiveJudgement> => {
  const problems: string[] = [];
  const pending: string[] = [];
  for (const topic of topics) {
    for (const eventType of topic.eventTypes) {
      const judged = await compareSubject(client, subjectOf(topic.name, eventType), history[eventType]);
      problems.push(...judged.problems);
      pending.push(...judged.pending);
    }
  }
  return { problems, pending };
};
