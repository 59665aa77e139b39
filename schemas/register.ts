import type { OurSchema } from './known-ids';
import type { RegistryClient } from './registry-client';

/** Each new version must read what all earlier ones wrote, and be read by them: replays go back years. */
const level = 'FULL_TRANSITIVE';

export type RegisteredSchema =
  | { readonly kind: 'present' | 'registered'; readonly schema: OurSchema; readonly id: number }
  | { readonly kind: 'refused'; readonly schema: OurSchema; readonly reason: string };

type Client = Pick<RegistryClient, 'lookup' | 'register' | 'compatibility' | 'setCompatibility'>;

/**
 * Registers what is missing. An earlier version is looked up first: some registries take a repeated one for a new
 * version behind the newest.
 */
const registerOne = async (client: Client, schema: OurSchema): Promise<RegisteredSchema> => {
  const known = await client.lookup(schema.subject, schema.version.text);
  if (known !== undefined) return { kind: 'present', schema, id: known };
  const answer = await client.register(schema.subject, schema.version.text);
  return answer.kind === 'refused'
    ? { kind: 'refused', schema, reason: answer.reason }
    : { kind: 'registered', schema, id: answer.id };
};

const holdLevel = async (client: Client, subject: string): Promise<void> => {
  if ((await client.compatibility(subject)) !== level) await client.setCompatibility(subject, level);
};

/**
 * Registers every version of every event in the order of its history, under FULL_TRANSITIVE. Safe to run again.
 * A refused version stops its own subject, so that no later one takes its number.
 * @throws InfrastructureError when the registry does not answer; what was registered by then stays.
 */
export const registerSchemas = async (
  client: Client,
  schemas: readonly OurSchema[],
): Promise<readonly RegisteredSchema[]> => {
  const results: RegisteredSchema[] = [];
  const stopped = new Set<string>();
  for (const subject of new Set(schemas.map((schema) => schema.subject))) await holdLevel(client, subject);
  for (const schema of schemas) {
    if (stopped.has(schema.subject)) continue;
    const result = await registerOne(client, schema);
    if (result.kind === 'refused') stopped.add(schema.subject);
    results.push(result);
  }
  return results;
};
