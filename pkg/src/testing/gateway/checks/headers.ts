/** The headers that WeChat requires in every request. */
import type { GatewayRequest } from '../gateway.js';
import { Rejection } from '../rejection.js';
import { isMultipart } from './multipart.js';

export function checkHeaders(request: GatewayRequest): void {
  const { headers, body } = request;
  const { accept = '', 'user-agent': userAgent = '', 'content-type': contentType = '' } = headers;
  if (userAgent.trim() === '' || accept.trim() === '') {
    const [where, en] =
      accept.trim() === ''
        ? ['Accept', 'The header Accept is missing. Send Accept: application/json.']
        : ['User-Agent', 'The header User-Agent is missing or empty. Send the name of your application.'];
    const explanation = { reason: 'missing-header', where, en };
    throw new Rejection(400, 'INVALID_REQUEST', 'Http头缺少Accept或User-Agent', undefined, explanation);
  }
  if (!acceptsJson(accept)) {
    throw wrongHeader('Accept', accept, 'Http头Accept须包含application/json');
  }
  if (
    body.length > 0 &&
    !isMultipart(request) &&
    !/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(contentType)
  ) {
    throw wrongHeader('Content-Type', contentType, 'Http头Content-Type须为application/json');
  }
}

function wrongHeader(where: string, actual: string, message: string): Rejection {
  const en = `The header ${where} must be application/json.`;
  const explanation = { reason: 'wrong-header', where, en, expected: 'application/json', actual };
  return new Rejection(400, 'INVALID_REQUEST', message, undefined, explanation);
}

function acceptsJson(accept: string): boolean {
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const isExcluded = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    return ['application/json', 'application/*', '*/*'].includes(type) && !isExcluded;
  });
}
