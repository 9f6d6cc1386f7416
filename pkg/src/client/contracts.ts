// Contracts: the result of pre-signing, and the calls that query and terminate a contract.
import { fieldsOf } from '../arguments.js';
import { callWasm } from '../instance.js';
import { toFieldMap } from '../plain-data.js';
import { type BuiltRequest, buildPresign, type FieldName, type PresignMode, type PresignScene } from '../presign.js';
import { firstSigningParams } from './attempt.js';
import type { SendBuilt } from './built-request.js';
import type { Configuration } from './configuration.js';
import { timeOf } from './host-functions.js';
import type { SendOptions } from './request-options.js';
import type { ApiResponse } from './verbs.js';

/** The time for which the user can sign after a pre-sign. */
const SESSION_MS = 2 * 60 * 60 * 1000;

/** `Date` may be ahead of our clock by at most this much, like the signed `Wechatpay-Timestamp`. */
const TOLERANCE_MS = 300 * 1000;

/**
 * Options of {@link Client.presign}: the mode, the scene, and how the request is sent.
 *
 * @example
 * ```js
 * await client.presign(params, { mode: 'qs', scene: 'mini-program' });
 * ```
 */
export interface PresignCallOptions<
  Mode extends PresignMode = 'ecommerce',
  Scene extends PresignScene = 'pay-redirect-sign',
> extends SendOptions {
  /** The kind of merchant. Default `'ecommerce'`. */
  mode?: Mode | undefined;
  /** Where the contract is offered. Default `'pay-redirect-sign'`. */
  scene?: Scene | undefined;
  /** Your own length limits, in Unicode characters, by field. */
  limits?: { [Field in FieldName<Mode, Scene>]?: number | undefined } | undefined;
}

/**
 * WeChat Pay's response to a pre-sign, verified.
 *
 * @example
 * ```js
 * const { out_contract_code, expiresAt } = await client.presign(params);
 * ```
 */
export type PresignResult<Mode extends PresignMode = 'ecommerce', Scene extends PresignScene = 'pay-redirect-sign'> = {
  /** The merchant number. */
  mchid: string;
  /** The id of the password-free service. */
  service_id: number;
  /** Your number for the contract. */
  out_contract_code: string;
  /**
   * The time until which the user can sign: two hours after the `Date` header of the response. That header is not
   * signed, so the time is never later than two hours and five minutes from now by our own clock. Not enumerable,
   * because WeChat Pay does not send it; `undefined` if the response has no `Date`.
   */
  readonly expiresAt?: Date;
} & (Mode extends 'service-provider' ? { sub_mchid: string } : unknown) &
  (Scene extends 'mini-program'
    ? {
        /** The id of the session, at most 128 characters. */
        pre_entrustweb_id: string;
        /** The AppID of the mini program in which the user signs. */
        sign_mp_appid: string;
        /** The path to open in that mini program. */
        sign_mp_path: string;
      }
    : unknown);

/**
 * The two values that identify a contract.
 *
 * @example
 * ```js
 * const contract = { service_id: 1234, out_contract_code: '100001256' };
 * ```
 */
export interface ContractName {
  /** The id of the password-free service: an integer from 1 to 2^53 - 1. */
  service_id: number;
  /** Your number for the contract: at most 32 ASCII digits and letters. */
  out_contract_code: string;
}

/**
 * A contract that the user has signed.
 *
 * @example
 * ```js
 * const { contract_id, contract_state } = await client.contracts.query(contract);
 * ```
 */
export interface Contract {
  mchid: string;
  /** WeChat's own id of the contract. */
  contract_id: string;
  appid: string;
  openid: string;
  sub_appid?: string;
  sub_openid?: string;
  contract_display_account?: string;
  /** Whether the contract is in force. */
  contract_state: string;
  /** RFC 3339. */
  contract_signed_time: string;
  /** The details of the termination, if the contract was terminated. */
  contract_terminate_info?: {
    contract_termination_mode: string;
    /** RFC 3339. */
    contract_terminated_time?: string;
    contract_termination_remark?: string;
  };
}

/** @internal */
export class Contracts {
  readonly #send: SendBuilt;
  readonly #configuration: Pick<Configuration, 'baseUrl' | 'clock' | 'nonce'>;

  constructor(send: SendBuilt, configuration: Pick<Configuration, 'baseUrl' | 'clock' | 'nonce'>) {
    this.#send = send;
    this.#configuration = configuration;
  }

  async presign(params: unknown, options: unknown): Promise<unknown> {
    const { mode, scene, limits, ...sending } = fieldsOf('options', options);
    const { baseUrl, clock } = this.#configuration;
    const request = buildPresign(params, { mode, scene, limits }, baseUrl, firstSigningParams(this.#configuration));
    return withExpiry(await this.#send(request, sending), clock);
  }

  async query(contract: unknown, options: unknown): Promise<unknown> {
    const fields = toFieldMap(fieldsOf('contract', contract));
    const request: BuiltRequest = callWasm((wasm) => wasm.buildContractQuery(fields));
    return (await this.#send(request, options, fields)).data;
  }

  async terminate(contract: unknown, reason: unknown, options: unknown): Promise<unknown> {
    const fields = toFieldMap(fieldsOf('contract', contract));
    const remark = toFieldMap(fieldsOf('reason', reason));
    const request: BuiltRequest = callWasm((wasm) => wasm.buildContractTermination(fields, remark));
    return (await this.#send(request, options, fields)).data;
  }
}

/** Adds the end of the session, which is not enumerable because WeChat Pay does not send it. */
function withExpiry({ data, headers }: ApiResponse, clock: () => number): unknown {
  // Anyone on the network path can change `Date`, because it is not signed. Without a time of our own there is no
  // `expiresAt`.
  const now = timeOf(clock) ?? Number.NaN;
  const date = Math.min(Date.parse(headers.get('date') ?? ''), now + TOLERANCE_MS);
  if (typeof data !== 'object' || data === null || Number.isNaN(date)) return data;
  return Object.defineProperty(data, 'expiresAt', { value: new Date(date + SESSION_MS) });
}
