import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Schema {
  required: string[];
}
interface OpenApi {
  readonly paths: Readonly<Record<string, { readonly post: { security?: unknown } }>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const userIdNames = new Set(['user_id', 'userId']);

/** The document in `openapi.json`, as it is true for this process: with tokens, a body need not name its buyer. */
export const openApiDocument = (authMode: 'none' | 'jwt'): object => {
  const document = JSON.parse(readFileSync(join(__dirname, 'openapi.json'), 'utf8')) as OpenApi;
  if (authMode === 'none') return document;
  const buy = document.paths['/commands/buy']?.post;
  if (buy) buy.security = [{ buyer: [] }];
  for (const name of ['BuyCommand', 'BuyCommandCamelCase']) {
    const schema = document.components.schemas[name];
    if (schema) schema.required = schema.required.filter((member) => !userIdNames.has(member));
  }
  return document;
};
