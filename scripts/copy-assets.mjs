// tsc emits no data files, so the Lua scripts, Avro schemas and pages that a module reads beside
// itself are copied to the same place under dist/. And it removes nothing: what has lost its source
// (a deleted schema version would be registered by the next deploy) is removed here.
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { extname, join, relative } from 'node:path';

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

// The image is built without stack/.
for (const folder of folders.filter((name) => existsSync(name))) {
  cpSync(folder, `dist/${folder}`, {
    recursive: true,
    filter: (source) => extname(source) === '' || data.has(extname(source)),
  });
}

const compiled = /\.js(\.map)?$/;
const kept = new Set(['.tsbuildinfo', '.built']);

for (const entry of readdirSync('dist', { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || kept.has(entry.name)) continue;
  const file = join(entry.parentPath, entry.name);
  const source = relative('dist', file);
  if (!existsSync(source) && !existsSync(source.replace(compiled, '.ts'))) rmSync(file);
}
