// The types of endpoints and their verbs. They extract the parameters of a path from its text.
import type { ParameterValue, VerbOptions } from './request-options.js';

/**
 * The result of a verb.
 *
 * @example
 * ```js
 * const { status, requestId, data } = await client.v3.certificates.get();
 * ```
 */
export interface ApiResponse<Data = unknown> {
  /** 200 to 299. WeChat Pay does not sign it: anyone on the network path can turn a 202 into a 200. */
  status: number;
  /** The headers. WeChat Pay signs `Wechatpay-Timestamp` and `Wechatpay-Nonce` only, and not `Date`. */
  headers: Headers;
  /** WeChat's `Request-ID`, which its support asks for. */
  requestId: string | undefined;
  /** The parsed JSON of the body, verified; `null` if the body is empty. */
  data: Data;
}

/**
 * The path of an endpoint, with parameters in braces.
 *
 * @example
 * ```ts
 * const path: EndpointPath = 'v3/pay/transactions/id/{transaction_id}';
 * ```
 */
export type EndpointPath = `v3/${string}` | `/v3/${string}`;

type ParameterNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterNames<Rest>
  : never;

/**
 * The parameters of a path: an object with a value for each name in braces.
 *
 * @example
 * ```ts
 * const parameters: PathParameters<'v3/pay/transactions/id/{transaction_id}'> = { transaction_id: '42' };
 * ```
 */
export type PathParameters<Path extends string> = { [Name in ParameterNames<Path>]: ParameterValue };

/** An optional argument if all options are optional, otherwise a required one. */
type OptionsArgument<Options> = Record<never, never> extends Options ? [options?: Options] : [options: Options];

/**
 * The verbs of an endpoint whose path is known. Names that end in `Async` do the same, for users of another
 * SDK.
 *
 * @example
 * ```js
 * await client.chain('v3/certificates').get();
 * ```
 */
export interface Verbs<Parameters = unknown> {
  get<Data = unknown>(...options: OptionsArgument<VerbOptions & Parameters>): Promise<ApiResponse<Data>>;
  post<Data = unknown>(...options: OptionsArgument<VerbOptions & Parameters>): Promise<ApiResponse<Data>>;
  put<Data = unknown>(...options: OptionsArgument<VerbOptions & Parameters>): Promise<ApiResponse<Data>>;
  patch<Data = unknown>(...options: OptionsArgument<VerbOptions & Parameters>): Promise<ApiResponse<Data>>;
  delete<Data = unknown>(...options: OptionsArgument<VerbOptions & Parameters>): Promise<ApiResponse<Data>>;
  getAsync<Data = unknown>(...options: OptionsArgument<VerbOptions & Parameters>): Promise<ApiResponse<Data>>;
  postAsync<Data = unknown>(...options: OptionsArgument<VerbOptions & Parameters>): Promise<ApiResponse<Data>>;
  putAsync<Data = unknown>(...options: OptionsArgument<VerbOptions & Parameters>): Promise<ApiResponse<Data>>;
  patchAsync<Data = unknown>(...options: OptionsArgument<VerbOptions & Parameters>): Promise<ApiResponse<Data>>;
  deleteAsync<Data = unknown>(...options: OptionsArgument<VerbOptions & Parameters>): Promise<ApiResponse<Data>>;
}

/** Whether the text of a path is unknown to the compiler, as with `v3/${string}`. */
type IsUnknown<Path extends string> = Record<never, never> extends Record<Path, unknown> ? true : false;

/**
 * The verbs of the endpoint at a path. The compiler checks the parameters if the path is a literal.
 *
 * @example
 * ```ts
 * const certificates: VerbsOf<'v3/certificates'> = client.chain('v3/certificates');
 * ```
 */
export type VerbsOf<Path extends string> = IsUnknown<Path> extends true ? ChainVerbs : Verbs<PathParameters<Path>>;

/**
 * Options with any path parameters.
 *
 * @example
 * ```ts
 * const options: ChainOptions = { transaction_id: '42', query: { mchid: '1900000100' } };
 * ```
 */
export interface ChainOptions<Json = unknown> extends VerbOptions<Json> {
  [pathParameter: string]: unknown;
}

/** Requires that every property of `Options` is an option of a verb or can be a path parameter. */
type OnlyParameters<Options, Json> = string extends keyof Options
  ? unknown
  : { [Name in keyof Options]: Name extends keyof VerbOptions ? VerbOptions<Json>[Name] : ParameterValue | undefined };

/**
 * The verbs of an endpoint in a property chain, which accept any path parameter.
 *
 * @example
 * ```js
 * await client.v3.certificates.get();
 * ```
 */
export interface ChainVerbs<Json = unknown, Result = unknown> {
  get<Data = Result, Options extends ChainOptions<Json> = ChainOptions<Json>>(
    options?: Options & OnlyParameters<Options, Json>,
  ): Promise<ApiResponse<Data>>;
  post<Data = Result, Options extends ChainOptions<Json> = ChainOptions<Json>>(
    options?: Options & OnlyParameters<Options, Json>,
  ): Promise<ApiResponse<Data>>;
  put<Data = Result, Options extends ChainOptions<Json> = ChainOptions<Json>>(
    options?: Options & OnlyParameters<Options, Json>,
  ): Promise<ApiResponse<Data>>;
  patch<Data = Result, Options extends ChainOptions<Json> = ChainOptions<Json>>(
    options?: Options & OnlyParameters<Options, Json>,
  ): Promise<ApiResponse<Data>>;
  delete<Data = Result, Options extends ChainOptions<Json> = ChainOptions<Json>>(
    options?: Options & OnlyParameters<Options, Json>,
  ): Promise<ApiResponse<Data>>;
  getAsync<Data = Result, Options extends ChainOptions<Json> = ChainOptions<Json>>(
    options?: Options & OnlyParameters<Options, Json>,
  ): Promise<ApiResponse<Data>>;
  postAsync<Data = Result, Options extends ChainOptions<Json> = ChainOptions<Json>>(
    options?: Options & OnlyParameters<Options, Json>,
  ): Promise<ApiResponse<Data>>;
  putAsync<Data = Result, Options extends ChainOptions<Json> = ChainOptions<Json>>(
    options?: Options & OnlyParameters<Options, Json>,
  ): Promise<ApiResponse<Data>>;
  patchAsync<Data = Result, Options extends ChainOptions<Json> = ChainOptions<Json>>(
    options?: Options & OnlyParameters<Options, Json>,
  ): Promise<ApiResponse<Data>>;
  deleteAsync<Data = Result, Options extends ChainOptions<Json> = ChainOptions<Json>>(
    options?: Options & OnlyParameters<Options, Json>,
  ): Promise<ApiResponse<Data>>;
}

/**
 * An endpoint named by a property chain. camelCase becomes kebab-case; `_service_id_` or `$service_id$` becomes a
 * parameter of the path. Nothing is sent before a verb is called. A segment with the name of a verb needs `chain()`.
 *
 * @example
 * ```js
 * await client.v3.pay.transactions.outTradeNo._out_trade_no_.get({ out_trade_no, query: { mchid } });
 * ```
 */
export type Chain = ChainVerbs & { readonly [segment: string]: Chain };

// The types of client['v3/…']. TypeScript has index signatures for patterns only, so the names of the parameters are lost.
// Their number is not: a path matches a signature for each number of parameters up to its own, and its type is the
// intersection of theirs. `this` tells the overloads apart.

declare const parameters: unique symbol;

/** A path without parameters, and with one. */
interface NoParameter {
  readonly get: unknown;
  readonly [parameters]?: never;
}
interface OneParameter {
  readonly get: unknown;
  readonly [parameters]: { one: true; several?: never };
}

type ExtraNames<Options> = Exclude<keyof Options, keyof VerbOptions>;
type IsUnion<Type, Member = Type> = Type extends unknown ? ([Member] extends [Type] ? false : true) : never;

/** Requires a path parameter. */
type AtLeastOne<Options> = [ExtraNames<Options>] extends [never] ? { 'missing path parameter': never } : unknown;

/** Requires one path parameter, and otherwise only options. */
type ExactlyOne<Options> = string extends keyof Options
  ? unknown
  : true extends IsUnion<ExtraNames<Options>>
    ? { [Name in ExtraNames<Options>]: never }
    : AtLeastOne<Options>;

/**
 * The verbs of `client['v3/…']` for a path without parameters.
 *
 * @example
 * ```js
 * await client['v3/certificates'].get();
 * ```
 */
export interface PathVerbs {
  get<Data = unknown>(this: NoParameter, options?: VerbOptions): Promise<ApiResponse<Data>>;
  post<Data = unknown>(this: NoParameter, options?: VerbOptions): Promise<ApiResponse<Data>>;
  put<Data = unknown>(this: NoParameter, options?: VerbOptions): Promise<ApiResponse<Data>>;
  patch<Data = unknown>(this: NoParameter, options?: VerbOptions): Promise<ApiResponse<Data>>;
  delete<Data = unknown>(this: NoParameter, options?: VerbOptions): Promise<ApiResponse<Data>>;
  getAsync<Data = unknown>(this: NoParameter, options?: VerbOptions): Promise<ApiResponse<Data>>;
  postAsync<Data = unknown>(this: NoParameter, options?: VerbOptions): Promise<ApiResponse<Data>>;
  putAsync<Data = unknown>(this: NoParameter, options?: VerbOptions): Promise<ApiResponse<Data>>;
  patchAsync<Data = unknown>(this: NoParameter, options?: VerbOptions): Promise<ApiResponse<Data>>;
  deleteAsync<Data = unknown>(this: NoParameter, options?: VerbOptions): Promise<ApiResponse<Data>>;
}

type OneParameterVerb = <Data = unknown, Options extends ChainOptions = ChainOptions>(
  this: OneParameter,
  options: Options & OnlyParameters<Options, unknown> & ExactlyOne<Options>,
) => Promise<ApiResponse<Data>>;

type SeveralParametersVerb = <Data = unknown, Options extends ChainOptions = ChainOptions>(
  options: Options & OnlyParameters<Options, unknown> & AtLeastOne<Options>,
) => Promise<ApiResponse<Data>>;

type VerbName = 'get' | 'post' | 'put' | 'patch' | 'delete';

/**
 * The verbs of `client['v3/…/{…}']` for a path with one parameter.
 *
 * @example
 * ```js
 * await client['v3/pay/transactions/id/{transaction_id}'].get({ transaction_id, query: { mchid } });
 * ```
 */
export type OneParameterVerbs = PathVerbs & { readonly [parameters]: { one: true } } & {
  [Name in VerbName | `${VerbName}Async`]: OneParameterVerb;
};

/**
 * The verbs of `client['v3/…/{…}/{…}']` for a path with several parameters.
 *
 * @example
 * ```js
 * await client['v3/{first}/{second}'].get({ first: 1, second: 2 });
 * ```
 */
export type SeveralParametersVerbs = OneParameterVerbs & { readonly [parameters]: { several: true } } & {
  [Name in VerbName | `${VerbName}Async`]: SeveralParametersVerb;
};
