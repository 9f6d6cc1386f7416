/** Server-sent events: each page first gets the whole state, then every change. */
import type { ServerResponse } from 'node:http';
import type { SandboxEvent, SandboxState } from './views.js';

export interface EventStream {
  connect(response: ServerResponse, headers: Record<string, string>): void;
  send(event: SandboxEvent): void;
}

/** More pages than anybody opens. */
const MAX_CONNECTIONS = 50;
/** A page with more unread data is disconnected. It connects again, and gets the whole state. */
const MAX_BUFFERED = 2 ** 22;

export function createEventStream(state: () => SandboxState): EventStream {
  const connections = new Set<ServerResponse>();

  function write(response: ServerResponse, { type, item }: SandboxEvent): void {
    response.write(`event: ${type}\ndata: ${JSON.stringify(item)}\n\n`);
    if (response.writableLength > MAX_BUFFERED) response.destroy();
  }

  return {
    connect(response, headers) {
      if (connections.size >= MAX_CONNECTIONS) {
        response.writeHead(503, { ...headers, 'Retry-After': '5' }).end();
        return;
      }
      connections.add(response);
      response.once('close', () => connections.delete(response));
      response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream' });
      response.write('retry: 1000\n\n');
      write(response, { type: 'state', item: state() });
    },
    send(event) {
      for (const response of connections) write(response, event);
    },
  };
}
