// tsc emits no data files, so the Lua scripts, Avro schemas and pages that a module reads beside
// itself are copied to the same place under dist/.
import { cpSync } from 'node:fs';
import { extname } from 'node:path';

const folders = ['schemas', 'command-api', 'saga', 'query-api', 'stack'];
const data = new Set([
  '.avsc',
  '.lua',
  '.json',
  '.yaml',
  '.html',
  '.css',
  '.js',
  '.svg',
  '.xml',
  '.properties',
  '.acl',
  '.conf',
]);

for (const folder of folders) {
  cpSync(folder, `dist/${folder}`, {
    recursive: true,
    filter: (source) => extname(source) === '' || data.has(extname(source)),
  });
}
