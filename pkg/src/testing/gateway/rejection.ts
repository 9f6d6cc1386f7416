import type { UnsignedResponse } from './response.js';

/** An error with which the gateway responds to a request. Any check may throw it. */
export class Rejection extends Error {
  readonly status: number;
  /** WeChat's error code. */
  readonly code: string;
  readonly detail: object | undefined;

  /** `message` is WeChat's own text where that is known. */
  constructor(status: number, code: string, message: string, detail?: object) {
    super(message);
    this.status = status;
    this.code = code;
    this.detail = detail;
  }

  toResponse(): UnsignedResponse {
    const { status, code, message, detail } = this;
    return { status, code, message, body: JSON.stringify({ code, message, detail }) };
  }
}

/** Runs a handler and turns a {@link Rejection} into its response. */
export async function catchRejection(
  handler: () => UnsignedResponse | Promise<UnsignedResponse>,
): Promise<UnsignedResponse> {
  try {
    return await handler();
  } catch (error) {
    if (error instanceof Rejection) return error.toResponse();
    throw error;
  }
}
