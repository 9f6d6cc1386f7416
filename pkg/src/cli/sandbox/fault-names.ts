import type { Fault } from 'wechatpay-presign/testing';

/** Has a property for each fault, so that the compiler reports a missing one. */
const NAMES: Record<Fault, true> = {
  'wrong-signature': true,
  'missing-signature': true,
  'tampered-body': true,
  'unknown-serial': true,
  'other-key': true,
  'stale-timestamp': true,
  'future-timestamp': true,
  'sign-test': true,
  'rate-limit': true,
  'sign-error': true,
  'system-error': true,
  'bare-500': true,
  'html-502': true,
  'bare-503': true,
  redirect: true,
  truncated: true,
  slow: true,
  hang: true,
  reset: true,
  'empty-200': true,
  'no-content': true,
  'not-json': true,
  'accepted-202': true,
  huge: true,
  'invalid-utf8': true,
  'corrupted-byte': true,
  'short-body': true,
};

export const FAULT_NAMES = Object.keys(NAMES) as Fault[];
