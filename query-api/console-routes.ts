import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Express, RequestHandler } from 'express';
import { onlyMethods, sendProblem } from '../chassis/http/app';
import { pagePolicy } from '../chassis/http/page-policy';
import type { ConsoleHub } from './console-hub';

const serveFile = (name: string, type: string): RequestHandler => {
  const body = readFileSync(join(__dirname, 'console', name));
  return (_request, response) => {
    response
      .set({
        'Content-Type': `${type}; charset=utf-8`,
        'Content-Security-Policy': pagePolicy,
        'Cache-Control': 'no-cache',
        'X-Content-Type-Options': 'nosniff',
      })
      .send(body);
  };
};

/** `/console`: a page without a build step, fed once a second. */
export const mountConsole = (app: Express, hub: ConsoleHub): void => {
  app.get('/console', serveFile('console.html', 'text/html'));
  app.get('/console/console.css', serveFile('console.css', 'text/css'));
  app.get('/console/console.js', serveFile('console.js', 'text/javascript'));
  app.get('/console/stream', (_request, response) => {
    if (hub.watch(response)) return;
    sendProblem(response, {
      status: 503,
      error: 'TOO_MANY_WATCHERS',
      title: 'Too many consoles are open',
      retryAfterSeconds: 5,
    });
  });
  app.all(
    ['/console', '/console/console.css', '/console/console.js', '/console/stream'],
    onlyMethods('GET', 'HEAD'),
  );
};
