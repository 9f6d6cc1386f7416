/** The headers WeChat asks for before it looks at who is calling. */
import { Refusal } from '../refusal.js';

/** @param {import('../gateway.js').GatewayRequest} request */
export function checkHeaders({ headers, body }) {
  const { accept = '', 'user-agent': userAgent = '', 'content-type': contentType = '' } = headers;
  if (userAgent.trim() === '' || accept.trim() === '') {
    throw new Refusal(400, 'INVALID_REQUEST', 'Http头缺少Accept或User-Agent');
  }
  if (!admitsJson(accept)) {
    throw new Refusal(400, 'INVALID_REQUEST', 'Http头Accept须包含application/json');
  }
  if (body.length > 0 && !/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(contentType)) {
    throw new Refusal(400, 'INVALID_REQUEST', 'Http头Content-Type须为application/json');
  }
}

/** @param {string} accept */
function admitsJson(accept) {
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const refused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    return ['application/json', 'application/*', '*/*'].includes(type) && !refused;
  });
}
