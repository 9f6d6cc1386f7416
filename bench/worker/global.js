// The client is made in the global scope.
// @ts-expect-error: the types of workerd are not loaded here
import { env } from 'cloudflare:workers';
import { makeClient, presign } from './presigns.js';

const client = makeClient(env);

export default { fetch: () => presign(client) };
