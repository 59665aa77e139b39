import type { Express, RequestHandler } from 'express';
import { onlyMethods } from './app';
import { docsPage, docsScript, docsStyle } from './docs-page';
import { pagePolicy } from './page-policy';

const serve =
  (type: string, body: string): RequestHandler =>
  (_request, response) => {
    response
      .set({
        'Content-Type': `${type}; charset=utf-8`,
        'Content-Security-Policy': pagePolicy(),
        'Cache-Control': 'no-cache',
      })
      .send(body);
  };

/** `/openapi.json`, and `/docs`, a page that shows it and tries it out. Mount before `mountErrors`. */
export const mountDocuments = (app: Express, openapi: object): void => {
  const document = JSON.stringify(openapi);
  app.get('/openapi.json', serve('application/json', document));
  app.get('/docs', serve('text/html', docsPage));
  app.get('/docs/docs.js', serve('text/javascript', docsScript));
  app.get('/docs/docs.css', serve('text/css', docsStyle));
  app.all(['/openapi.json', '/docs', '/docs/docs.js', '/docs/docs.css'], onlyMethods('GET', 'HEAD'));
};
