import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Express, RequestHandler } from 'express';
import { onlyMethods, sendProblem } from '../chassis/http/app';
import { pagePolicy } from '../chassis/http/page-policy';
import type { ConsoleHub } from './console-hub';

const types = { html: 'text/html', css: 'text/css', js: 'text/javascript' } as const;

/** The files beside the page, by the last part of their path. */
const files = [
  'console.css',
  'console.js',
  'page.js',
  'chart.js',
  'pipeline.js',
  'stock.js',
  'rebuilds.js',
  'letters.js',
  'letter-desk.js',
] as const;

const read = (name: string): string => readFileSync(join(__dirname, 'console', name), 'utf8');

const serve = (body: string, type: keyof typeof types, policy: string): RequestHandler => {
  const headers = {
    'Content-Type': `${types[type]}; charset=utf-8`,
    'Content-Security-Policy': policy,
    'Cache-Control': 'no-cache',
    'X-Content-Type-Options': 'nosniff',
  };
  return (_request, response) => {
    response.set(headers).send(body);
  };
};

/**
 * `/console`: a page without a build step, fed once a second.
 * @param commandOrigin where its script sends redrive and discard; undefined: it shows the command to type instead
 */
export const mountConsole = (app: Express, hub: ConsoleHub, commandOrigin: string | undefined): void => {
  const policy = pagePolicy(commandOrigin);
  // An origin holds nothing that HTML reads as its own: the setting admits no other text.
  const page = read('console.html').replace('data-commands=""', `data-commands="${commandOrigin ?? ''}"`);
  app.get('/console', serve(page, 'html', policy));
  for (const name of files) {
    app.get(`/console/${name}`, serve(read(name), name.endsWith('.css') ? 'css' : 'js', policy));
  }
  // Express answers HEAD as GET: it would hold a stream open that nobody is sent anything on.
  app.head('/console/stream', onlyMethods('GET'));
  app.get('/console/stream', (_request, response) => {
    if (hub.watch(response)) return;
    sendProblem(response, {
      status: 503,
      error: 'TOO_MANY_WATCHERS',
      title: 'Too many consoles are open',
      retryAfterSeconds: 5,
    });
  });
  app.all('/console/stream', onlyMethods('GET'));
  const paths = ['/console', ...files.map((name) => `/console/${name}`)];
  app.all(paths, onlyMethods('GET', 'HEAD'));
};
