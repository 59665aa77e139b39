import { createServer } from 'node:http';

/** The least that any such endpoint does: reads the body, parses it, answers. What Node itself allows on this machine. */
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString()) as { readonly request_id: string };
    const text = JSON.stringify({ status: 'PENDING', request_id: body.request_id });
    response.writeHead(202, { 'Content-Type': 'application/json', 'Content-Length': text.length });
    response.end(text);
  });
});
server.listen(Number(process.env['PORT']), '127.0.0.1');
