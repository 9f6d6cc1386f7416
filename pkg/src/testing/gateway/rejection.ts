import type { Explanation } from './explanation.js';
import type { UnsignedResponse } from './response.js';

/** An explanation. Its Chinese text defaults to the message of the rejection. */
export type RejectionExplanation = Omit<Explanation, 'zh'> & { zh?: string };

/** An error with which the gateway responds to a request. Any check may throw it. */
export class Rejection extends Error {
  readonly status: number;
  /** WeChat's error code. */
  readonly code: string;
  readonly detail: object | undefined;
  readonly explanation: Explanation;

  /** `message` is WeChat's own text if it is known. */
  constructor(
    status: number,
    code: string,
    message: string,
    detail: object | undefined,
    explanation: RejectionExplanation,
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.explanation = { zh: message, ...explanation };
  }

  toResponse(): UnsignedResponse {
    const { status, code, message, detail, explanation } = this;
    return { status, code, message, body: JSON.stringify({ code, message, detail }), explanation };
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
