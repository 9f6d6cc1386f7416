/** The headers that WeChat requires of every caller. */
import type { GatewayRequest } from '../gateway.js';
import { Rejection } from '../rejection.js';
import { isMultipart } from './multipart.js';

export function checkHeaders(request: GatewayRequest): void {
  const { headers, body } = request;
  const { accept = '', 'user-agent': userAgent = '', 'content-type': contentType = '' } = headers;
  if (userAgent.trim() === '' || accept.trim() === '') {
    throw new Rejection(400, 'INVALID_REQUEST', 'Http头缺少Accept或User-Agent');
  }
  if (!acceptsJson(accept)) {
    throw new Rejection(400, 'INVALID_REQUEST', 'Http头Accept须包含application/json');
  }
  if (
    body.length > 0 &&
    !isMultipart(request) &&
    !/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(contentType)
  ) {
    throw new Rejection(400, 'INVALID_REQUEST', 'Http头Content-Type须为application/json');
  }
}

function acceptsJson(accept: string): boolean {
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const isExcluded = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    return ['application/json', 'application/*', '*/*'].includes(type) && !isExcluded;
  });
}
