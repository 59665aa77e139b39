"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.docsScript = exports.docsStyle = exports.docsPage = void 0;
/** The page at `/docs`: plain enough to need no build and no package, and strict enough for a CSP without exceptions. */
exports.docsPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API</title>
<link rel="stylesheet" href="/docs/docs.css">
<script src="/docs/docs.js" defer></script>
</head>
<body>
<header><h1 id="title">API</h1><p id="about"></p>
<p><a href="/openapi.json">openapi.json</a> <label>Bearer token <input id="token" autocomplete="off" size="24"></label></p></header>
<main id="operations"><p>Loading openapi.json</p></main>
<noscript><p>This page needs JavaScript; <a href="/openapi.json">openapi.json</a> says the same.</p></noscript>
</body>
</html>
`;
exports.docsStyle = `:root { color-scheme: light dark; --line: #8884; --soft: #8881; --ok: #2a7d46; --no: #b3452c; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { margin: 0; font-size: 1.5rem; } h2 { margin: 2rem 0 .5rem; font-size: 1.1rem; }
p { white-space: pre-line; margin: .5rem 0; }
code, pre, textarea, input { font: 13px/1.45 ui-monospace, monospace; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .5rem 0; }
summary { cursor: pointer; padding: .5rem .75rem; } details > div { padding: 0 .75rem .75rem; }
.method { display: inline-block; min-width: 3.5rem; font-weight: 600; }
.path { font-family: ui-monospace, monospace; margin-right: .75rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .5rem; border-top: 1px solid var(--line); }
th { font-weight: 600; } td:first-child { white-space: nowrap; font-family: ui-monospace, monospace; }
textarea { width: 100%; box-sizing: border-box; min-height: 8rem; } input { max-width: 100%; }
pre { background: var(--soft); border-radius: 6px; padding: .6rem; overflow-x: auto; white-space: pre-wrap; word-break: break-word; }
button { padding: .35rem 1rem; } .good { color: var(--ok); } .bad { color: var(--no); }
`;
exports.docsScript = `'use strict';
const make = (tag, text, className) => {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
};
const plain = (text) => (text || '').replaceAll('\`', '');

const reader = (api) => {
  const resolve = (node) => {
    if (!node || !node.$ref) return node || {};
    return resolve(node.$ref.slice(2).split('/').reduce((at, part) => at[part], api));
  };
  const merged = (node) => {
    const schema = resolve(node);
    const parts = [...(schema.allOf || []), ...((schema.oneOf || schema.anyOf || []).slice(0, 1))].map(merged);
    const all = [...parts, schema];
    return {
      ...schema,
      properties: Object.assign({}, ...all.map((part) => part.properties || {})),
      required: all.flatMap((part) => part.required || []),
    };
  };
  return { resolve, merged };
};

const typeText = (schema) => {
  const kinds = [schema.type].flat().filter(Boolean).join(' or ');
  const bounds = ['minimum', 'maximum', 'maxLength'].filter((name) => schema[name] !== undefined);
  const limits = bounds.map((name) => name + ' ' + schema[name]).join(', ');
  const values = schema.enum ? schema.enum.join(', ') : schema.const;
  return [kinds, values, limits].filter(Boolean).join('; ');
};

const table = (heads, rows) => {
  const element = make('table');
  const head = element.createTHead().insertRow();
  for (const text of heads) head.append(make('th', text));
  for (const cells of rows) {
    const row = element.insertRow();
    for (const text of cells) row.append(make('td', text));
  }
  return element;
};

const membersTable = (api, schema) => {
  const { resolve, merged } = reader(api);
  const { properties, required } = merged(schema);
  return table(
    ['member', 'type', ''],
    Object.entries(properties).map(([name, member]) => {
      const found = resolve(member);
      return [name + (required.includes(name) ? ' *' : ''), typeText(found), plain(found.description)];
    }),
  );
};

const exampleOf = (api, schema) => {
  const { resolve, merged } = reader(api);
  const { properties, required } = merged(schema);
  const entries = required.map((name) => [name, (resolve(properties[name]).examples || [null])[0]]);
  return JSON.stringify(Object.fromEntries(entries), null, 2);
};

const fill = (path, parameters, fields) => {
  const query = new URLSearchParams();
  let filled = path;
  for (const { name, in: where } of parameters) {
    const value = fields.get(name).value;
    if (where === 'path') filled = filled.replace('{' + name + '}', encodeURIComponent(value));
    if (where === 'query' && value !== '') query.set(name, value);
  }
  return filled + (query.size > 0 ? '?' + query : '');
};

const tryOut = (api, path, method, operation) => {
  const { resolve } = reader(api);
  const box = make('div');
  const parameters = (operation.parameters || []).map(resolve);
  const fields = new Map();
  for (const parameter of parameters) {
    const label = make('label', parameter.name + ' ');
    const input = make('input');
    fields.set(parameter.name, input);
    label.append(input);
    box.append(label, make('br'));
  }
  const json = operation.requestBody && operation.requestBody.content['application/json'];
  const body = make('textarea');
  if (json) {
    const given = json.examples && Object.values(json.examples)[0];
    body.value = given ? JSON.stringify(given.value, null, 2) : exampleOf(api, json.schema);
    box.append(body);
  }
  const button = make('button', 'Send');
  const answer = make('pre');
  answer.hidden = true;
  button.addEventListener('click', async () => {
    const headers = {};
    for (const { name, in: where } of parameters) {
      if (where === 'header' && fields.get(name).value !== '') headers[name] = fields.get(name).value;
    }
    const token = document.getElementById('token').value;
    if (token) headers.Authorization = 'Bearer ' + token;
    if (json) headers['Content-Type'] = 'application/json';
    answer.hidden = false;
    try {
      const options = { method: method.toUpperCase(), headers, body: json ? body.value : undefined };
      const response = await fetch(fill(path, parameters, fields), options);
      const lines = [...response.headers].map(([name, value]) => name + ': ' + value);
      const text = await response.text();
      let shown = text;
      try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { shown = text; }
      answer.className = response.ok ? 'good' : 'bad';
      answer.textContent = response.status + ' ' + response.statusText + '\\n' + lines.join('\\n') + '\\n\\n' + shown;
    } catch (error) {
      answer.className = 'bad';
      answer.textContent = String(error);
    }
  });
  box.append(button, answer);
  return box;
};

const show = (api, path, method, operation) => {
  const { resolve } = reader(api);
  const element = make('details');
  const summary = make('summary');
  summary.append(make('span', method.toUpperCase(), 'method'), make('span', path, 'path'), operation.summary || '');
  const box = make('div');
  box.append(make('p', plain(operation.description)));
  const parameters = (operation.parameters || []).map(resolve);
  if (parameters.length > 0) {
    box.append(table(['parameter', 'in', ''], parameters.map((it) => [it.name, it.in, plain(it.description)])));
  }
  const json = operation.requestBody && operation.requestBody.content['application/json'];
  if (json) box.append(membersTable(api, json.schema));
  const answers = Object.entries(operation.responses).map(([status, it]) => [status, plain(resolve(it).description)]);
  box.append(table(['answer', ''], answers));
  element.append(summary, box);
  element.addEventListener('toggle', () => box.append(tryOut(api, path, method, operation)), { once: true });
  return element;
};

const render = (api) => {
  document.title = api.info.title;
  document.getElementById('title').textContent = api.info.title + ' ' + api.info.version;
  document.getElementById('about').textContent = plain(api.info.description);
  const all = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));
  const main = document.getElementById('operations');
  main.replaceChildren();
  for (const tag of new Set(all.flatMap(({ operation }) => operation.tags || ['operations']))) {
    main.append(make('h2', tag));
    for (const { path, method, operation } of all) {
      if ((operation.tags || ['operations']).includes(tag)) main.append(show(api, path, method, operation));
    }
  }
};

fetch('/openapi.json')
  .then((response) => response.json())
  .then(render)
  .catch((error) => document.getElementById('operations').replaceChildren(make('p', String(error), 'bad')));
`;
//# sourceMappingURL=docs-page.js.map