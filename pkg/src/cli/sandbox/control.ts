/** The control API, `/__sandbox/…`: the simulated user's actions, faults, and lists. */
import type { Fault, FaultOptions, Gateway } from 'wechatpay-presign/testing';
import type { Deliveries } from './deliveries.js';
import { FAULT_NAMES } from './fault-names.js';
import type { FaultView, SandboxState } from './views.js';

export interface ControlRequest {
  method: string;
  /** The path below `/__sandbox/`. */
  name: string;
  body: Uint8Array;
}

export interface ControlResponse {
  status: number;
  body: unknown;
}

interface Options {
  gateway: Gateway;
  /** The merchant to use if a request names none. */
  mchid: string;
  deliveries: Deliveries;
  state: () => SandboxState;
  onFaults: (faults: FaultView[]) => void;
  onAction: (sentence: string) => void;
}

type Fields = Record<string, unknown>;

export function faultViews({ pendingFaults }: Gateway): FaultView[] {
  // JSON has no Infinity.
  return pendingFaults.map((fault) => ({ ...fault, remaining: fault.remaining === Infinity ? null : fault.remaining }));
}

/** A mistake of the caller, with the status for it. */
class ControlError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The lists that a GET returns. */
const LISTS = ['orders', 'contracts', 'requests', 'notifications', 'faults'] as const;

export function createControl({ gateway, mchid: owner, deliveries, state, onFaults, onAction }: Options) {
  function contractName(fields: Fields) {
    const { out_contract_code, mchid = owner } = read(fields, { out_contract_code: 'string', mchid: 'string?' });
    if (out_contract_code === undefined) throw new ControlError(400, 'out_contract_code is missing.');
    return { mchid, out_contract_code };
  }

  const actions: Record<string, (fields: Fields) => unknown> = {
    pay(fields) {
      const { prepay_id, out_trade_no, signs } = read(fields, {
        prepay_id: 'string?',
        out_trade_no: 'string?',
        signs: 'boolean?',
      });
      const order = gateway.orders.find((order) =>
        prepay_id === undefined ? order.out_trade_no === out_trade_no : order.prepay_id === prepay_id,
      );
      if (prepay_id === undefined && out_trade_no === undefined) {
        throw new ControlError(400, 'Give the prepay_id or the out_trade_no of an order.');
      }
      if (!order) throw new ControlError(404, `There is no order ${prepay_id ?? out_trade_no}.`);
      const paid = attempt(() => gateway.userPays({ prepay_id: order.prepay_id, ...(signs && { signs }) }));
      onAction(`the user pays the order ${order.out_trade_no}${signs ? ' and signs the contract' : ''}`);
      return paid;
    },
    sign(fields) {
      const name = contractName(fields);
      const contract = attempt(() => gateway.userSigns(name));
      onAction(`the user signs the contract ${name.out_contract_code}`);
      return contract;
    },
    abandon(fields) {
      const name = contractName(fields);
      attempt(() => gateway.userAbandons(name));
      onAction(`the user gives up signing the contract ${name.out_contract_code}`);
      return {};
    },
    terminate(fields) {
      const name = contractName(fields);
      const contract = attempt(() => gateway.userTerminates(name));
      onAction(`the user terminates the contract ${name.out_contract_code}`);
      return contract;
    },
    faults(fields) {
      const { fault, times, ...others } = read(fields, {
        fault: 'string',
        times: 'any?',
        after: 'number?',
        endpoint: 'string?',
        delayMs: 'number?',
        seconds: 'number?',
        retryAfter: 'number?',
        location: 'string?',
        bytes: 'number?',
        path: 'string?',
        body: 'string?',
        timestamp: 'number?',
      });
      if (!isFault(fault)) {
        throw new ControlError(400, `fault: there is no ${fault}. Use one of ${FAULT_NAMES.join(', ')}.`);
      }
      if (times !== undefined && times !== 'always' && typeof times !== 'number') {
        throw new ControlError(400, 'times must be a number or "always".');
      }
      const { bytes = 0, delayMs = 0, location = '' } = others;
      if (!/^[\x21-\x7e]*$/.test(location)) throw new ControlError(400, 'location must be a URL.');
      if (bytes > 2 ** 26) throw new ControlError(400, 'bytes must be 67108864 or less.');
      if (delayMs > 600_000) throw new ControlError(400, 'delayMs must be 600000 or less.');
      const options = {
        ...others,
        ...(times !== undefined && { times: times === 'always' ? Infinity : times }),
      } as FaultOptions;
      attempt(() => gateway.injectFault(fault, options));
      onFaults(faultViews(gateway));
      onAction(`fault ${fault} injected`);
      return faultViews(gateway);
    },
    'faults/clear'(fields) {
      read(fields, {});
      gateway.clearFaults();
      onFaults([]);
      onAction('faults cleared');
      return [];
    },
    'notifications/send-again'(fields) {
      const { id } = read(fields, { id: 'string' });
      if (!deliveries.sendAgain(id)) throw new ControlError(404, `There is no notification ${id}.`);
      onAction(`notification ${id} is sent again`);
      return {};
    },
  };

  return ({ method, name, body }: ControlRequest): ControlResponse => {
    try {
      if (method === 'GET' && name === 'state') return { status: 200, body: state() };
      const list = LISTS.find((list) => list === name);
      if (method === 'GET' && list) return { status: 200, body: state()[list] };
      if (method === 'DELETE' && name === 'faults') return { status: 200, body: actions['faults/clear']?.({}) };
      const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
      if (!action && !list) {
        const known = [...LISTS.map((list) => `GET ${list}`), 'GET state', 'GET events', 'DELETE faults'];
        const posts = Object.keys(actions).map((action) => `POST ${action}`);
        throw new ControlError(404, `There is no /__sandbox/${name}. There are ${[...known, ...posts].join(', ')}.`);
      }
      if (!action || method !== 'POST') throw new ControlError(405, `/__sandbox/${name} does not support ${method}.`);
      return { status: 200, body: action(parse(body)) };
    } catch (error) {
      if (!(error instanceof ControlError)) throw error;
      return { status: error.status, body: { error: error.message } };
    }
  };
}

/** The gateway says in a TypeError why the simulated user cannot do something. */
function attempt<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof TypeError) throw new ControlError(409, error.message);
    throw error;
  }
}

function parse(body: Uint8Array): Fields {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new ControlError(400, 'The body is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ControlError(400, 'The body must be a JSON object.');
  }
  return { ...value };
}

interface Types {
  string: string;
  number: number;
  boolean: boolean;
  any: unknown;
}
type TypeName = keyof Types;
type Read<Rules> = {
  [Name in keyof Rules]: Rules[Name] extends `${infer Type extends TypeName}?`
    ? Types[Type] | undefined
    : Rules[Name] extends TypeName
      ? Types[Rules[Name]]
      : never;
};

/** Checks the types of the fields, and rejects unknown fields. Absent fields are left out. */
function read<const Rules extends Record<string, TypeName | `${TypeName}?`>>(
  fields: Fields,
  rules: Rules,
): Read<Rules> {
  for (const name of Object.keys(fields)) {
    if (!Object.hasOwn(rules, name)) {
      const known = Object.keys(rules).join(', ');
      throw new ControlError(400, `${name} is not a field of this request.${known && ` The fields are ${known}.`}`);
    }
  }
  const entries = Object.entries(rules).flatMap(([name, rule]): [string, unknown][] => {
    const type = rule.replace('?', '');
    const value = fields[name];
    if (value === undefined) {
      if (rule.endsWith('?')) return [];
      throw new ControlError(400, `${name} is missing.`);
    }
    const isRight = type === 'any' || typeof value === type;
    if (!isRight) throw new ControlError(400, `${name} must be a ${type}.`);
    return [[name, value]];
  });
  return Object.fromEntries(entries) as Read<Rules>;
}

const isFault = (name: string): name is Fault => (FAULT_NAMES as readonly string[]).includes(name);
