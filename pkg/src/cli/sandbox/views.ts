/** The data for the page and for the lists of the control API. Times are in milliseconds. */
import type { Explanation, GatewayContract, GatewayOrder } from 'wechatpay-presign/testing';
import type { FailureReason } from './post-notification.js';

export interface RequestView {
  id: number;
  time: number;
  durationMs: number;
  method: string;
  path: string;
  status: number;
  /** `OK`, or WeChat Pay's error code. */
  code: string;
  message: string;
  /** The fault that was injected into the response. */
  fault?: string | undefined;
  /** The status that was sent, if the fault changed it. */
  sentStatus?: number | undefined;
  /** The message that the caller had to sign. */
  signedMessage?: string | undefined;
  explanation?: Explanation | undefined;
}

export interface AttemptView {
  at: number;
  status?: number | undefined;
  body: string;
  durationMs: number;
  isAccepted: boolean;
  failure?: string | undefined;
  reason?: FailureReason | undefined;
}

export interface NotificationView {
  id: string;
  event_type: string;
  /** The number of the order or the contract. */
  about: string;
  url: string;
  /** The decrypted resource, as JSON. */
  resource: string;
  createdAt: number;
  state: 'waiting' | 'sending' | 'delivered' | 'given-up';
  /** The time of the next attempt. */
  nextAt?: number | undefined;
  attempts: AttemptView[];
}

export interface FaultView {
  fault: string;
  /** The number of responses that will still fail; null: all. */
  remaining: number | null;
  /** Only for requests to this path. */
  endpoint?: string;
}

/** The whole state of the page. */
export interface SandboxState {
  sandbox: {
    /** Distinguishes this run from others. */
    id: string;
    version: string;
    baseUrl: string;
    mchid: string;
    envFile: string;
    /** The speed of repeating notifications, as a multiple of WeChat Pay's. */
    speed: number;
    /** The origin that receives all notifications. */
    forwardTo?: string | undefined;
  };
  orders: GatewayOrder[];
  contracts: GatewayContract[];
  requests: RequestView[];
  notifications: NotificationView[];
  faults: FaultView[];
}

/** An event of `GET /__sandbox/events`. */
export type SandboxEvent =
  | { type: 'state'; item: SandboxState }
  | { type: 'order'; item: GatewayOrder }
  | { type: 'contract'; item: GatewayContract }
  | { type: 'request'; item: RequestView }
  | { type: 'notification'; item: NotificationView }
  | { type: 'faults'; item: FaultView[] };
