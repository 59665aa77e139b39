import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface OpenApi {
  readonly paths: Readonly<Record<string, { readonly get: { security?: unknown } }>>;
}

const buyersPaths = [
  '/orders/{request_id}',
  '/orders/{request_id}/timeline',
  '/orders/{request_id}/stream',
  '/users/{user_id}/orders',
];

/** The document in `openapi.json`, as it is true for this process: with tokens, a buyer's routes want one. */
export const openApiDocument = (authMode: 'none' | 'jwt'): object => {
  const document = JSON.parse(readFileSync(join(__dirname, 'openapi.json'), 'utf8')) as OpenApi;
  if (authMode === 'none') return document;
  for (const path of buyersPaths) {
    const get = document.paths[path]?.get;
    if (get) get.security = [{ buyer: [] }];
  }
  return document;
};
