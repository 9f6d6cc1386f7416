// An HTTP server in a separate process, so that it does not share the event loop of the client. It responds to every request with
// the body of the last PUT, and prints its port.
import { createServer } from 'node:http';

let response = { status: 404, headers: {}, body: '' };
const server = createServer((request, reply) => {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => {
    text += chunk;
  });
  request.on('end', () => {
    if (request.method === 'PUT') response = JSON.parse(text);
    reply.writeHead(response.status, response.headers).end(response.body);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  console.log(/** @type {import('node:net').AddressInfo} */ (server.address()).port);
});
