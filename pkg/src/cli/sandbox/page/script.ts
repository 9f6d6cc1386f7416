/** The script of the page: shows the events of the sandbox, and sends the simulated user's actions. */
import type { Explanation, GatewayContract, GatewayOrder } from 'wechatpay-presign/testing';
import type { AttemptView, FaultView, NotificationView, RequestView, SandboxEvent, SandboxState } from '../views.js';
import { type Child, h, place } from './dom.js';
import { ENDPOINTS, FAULT_GROUPS, type Language, MESSAGES, type Messages } from './messages.js';

const MAX_SHOWN = 200;
const LANGUAGE_KEY = 'wechatpay-sandbox-language';

const token = document.querySelector<HTMLMetaElement>('meta[name="sandbox-token"]')?.content ?? '';
let language = initialLanguage();
let connection: 'connecting' | 'open' | 'closed' = 'connecting';
let info: SandboxState['sandbox'] | undefined;
const orders = new Map<string, GatewayOrder>();
const contracts = new Map<string, GatewayContract>();
const requests = new Map<string, RequestView>();
const notifications = new Map<string, NotificationView>();
let faults: FaultView[] = [];
/** The rows whose details are shown. */
const expanded = new Set<string>();

const text = (): Messages => MESSAGES[language];

// ---- The frame: created again when the language changes ----

interface List {
  count: HTMLElement;
  table: HTMLTableElement;
  empty: HTMLElement;
  /** The rows by key, with their current content. */
  rows: Map<string, { shown: string; element: HTMLElement }>;
}

interface Frame {
  facts: HTMLElement;
  live: HTMLElement;
  pending: HTMLElement;
  toast: HTMLElement;
  lists: Record<'orders' | 'contracts' | 'requests' | 'notifications', List>;
}

let frame: Frame;

function build(): Frame {
  const m = text();
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.title = m.title;
  const facts = h('dl', { class: 'facts' });
  const live = h('span', { class: 'live', role: 'status' });
  const pending = h('div', { class: 'pending', id: 'pending-faults' });
  const toast = h('div', { class: 'toast', role: 'alert' });
  const lists: Frame['lists'] = {
    orders: makeList([m.time, m.order, [m.amount, 'number'], m.state, hidden(m.actions)]),
    contracts: makeList([m.contract, m.state, hidden(m.actions)]),
    requests: makeList([m.time, m.request, m.result, [m.duration, 'number']]),
    notifications: makeList([m.time, m.notification, m.state, hidden(m.actions)]),
  };
  const header = h(
    'header',
    {},
    h('h1', {}, h('img', { src: '/__sandbox/icon.svg', alt: '' }), m.title),
    facts,
    h('div', { class: 'end' }, live, languageSwitch()),
  );
  const main = h(
    'main',
    {},
    h(
      'div',
      { class: 'column' },
      section('orders', m.orders, lists.orders),
      section('contracts', m.contracts, lists.contracts),
      faultSection(pending),
    ),
    h(
      'div',
      { class: 'column' },
      section('requests', m.requests, lists.requests),
      section('notifications', m.notifications, lists.notifications),
    ),
  );
  document.body.replaceChildren(header, main, toast);
  return { facts, live, pending, toast, lists };
}

function makeList(columns: (Child | [string, string])[]): List {
  const heads = columns.map((column) =>
    Array.isArray(column) ? h('th', { scope: 'col', class: column[1] }, column[0]) : h('th', { scope: 'col' }, column),
  );
  return {
    count: h('span', { class: 'count' }),
    table: h('table', {}, h('thead', {}, h('tr', {}, ...heads))) as HTMLTableElement,
    empty: h('div', { class: 'empty' }),
    rows: new Map(),
  };
}

function section(id: string, title: string, { count, table, empty }: List): HTMLElement {
  return h(
    'section',
    { id, 'aria-labelledby': `${id}-title` },
    h('h2', { id: `${id}-title` }, title, count),
    h('div', { class: 'scroll' }, table),
    empty,
  );
}

const hidden = (label: string): HTMLElement => h('span', { class: 'hidden' }, label);

function languageSwitch(): HTMLElement {
  const button = (own: Language, label: string, lang: string) =>
    h(
      'button',
      {
        type: 'button',
        lang,
        'aria-pressed': String(language === own),
        'data-focus': `language-${own}`,
        click: () => switchLanguage(own),
      },
      label,
    );
  return h(
    'div',
    { class: 'switch', role: 'group', 'aria-label': text().language },
    button('en', 'English', 'en'),
    button('zh', '中文', 'zh-CN'),
  );
}

function switchLanguage(next: Language): void {
  language = next;
  try {
    localStorage.setItem(LANGUAGE_KEY, next);
  } catch {
    // The browser stores nothing: the choice lasts until the page is closed.
  }
  keepFocus(() => {
    frame = build();
    show();
  });
}

function initialLanguage(): Language {
  let stored: string | null = null;
  try {
    stored = localStorage.getItem(LANGUAGE_KEY);
  } catch {
    // Some browsers also refuse reads.
  }
  if (stored === 'en' || stored === 'zh') return stored;
  return document.documentElement.lang.startsWith('zh') ? 'zh' : 'en';
}

// ---- Lists ----

function show(): void {
  keepFocus(() => {
    showFacts();
    showList('orders', orders, orderRow, emptyOrders);
    showList('contracts', contracts, contractRow, emptyContracts);
    showList('requests', requests, requestRow, () => [
      text().noRequests,
      text().noRequestsNext(info?.baseUrl ?? ''),
      '',
    ]);
    showList('notifications', notifications, notificationRow, () => [
      text().noNotifications,
      text().noNotificationsNext,
      '',
    ]);
    showFaults();
  });
}

function showFacts(): void {
  const m = text();
  const { live, facts } = frame;
  live.dataset['state'] = connection;
  live.textContent = { connecting: m.connecting, open: m.live, closed: m.disconnected }[connection];
  if (!info) return;
  const shown: [string, string][] = [
    [m.address, info.baseUrl],
    [m.merchant, info.mchid],
    [m.environment, info.envFile],
    [m.repeats, m.timesFaster(info.speed)],
  ];
  facts.replaceChildren(...shown.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

/** Shows the newest first. A row is created again only if it has changed, so that a selection in it is kept. */
function showList<Item>(
  name: keyof Frame['lists'],
  items: Map<string, Item>,
  makeRow: (item: Item, key: string) => Node[],
  emptyTexts: () => [string, string, string],
): void {
  const { count, table, empty, rows } = frame.lists[name];
  count.textContent = items.size === 0 ? '' : String(items.size);
  table.hidden = items.size === 0;
  empty.hidden = items.size > 0;
  if (items.size === 0) {
    const [title, next, code] = emptyTexts();
    const parts = [h('p', {}, h('strong', {}, title)), h('p', {}, next), code !== '' && h('pre', {}, code)];
    empty.replaceChildren(...parts.filter((part) => part !== false));
  }
  const shown = [...items].slice(-MAX_SHOWN).reverse();
  const bodies = shown.map(([key, item]) => {
    const state = JSON.stringify([item, expanded.has(`${name} ${key}`), relatedTo(item)]);
    const present = rows.get(key);
    if (present?.shown === state) return present.element;
    const element = h('tbody', { 'data-key': key }, ...makeRow(item, key).filter((row) => row instanceof HTMLElement));
    rows.set(key, { shown: state, element });
    return element;
  });
  const keys = new Set(shown.map(([key]) => key));
  for (const key of rows.keys()) if (!keys.has(key)) rows.delete(key);
  place(table, [table.tHead as Element, ...bodies]);
}

/** The related item that a row also shows: the contract of an order, or the order of a contract. */
function relatedTo(item: unknown): unknown {
  const { prepay_id, trade_state } = Object(item);
  return trade_state === undefined ? orderOf(prepay_id)?.trade_state : offeredWith(prepay_id)?.state;
}

function orderRow(order: GatewayOrder, key: string): Node[] {
  const m = text();
  const { created_at, out_trade_no, description, total, trade_state, contract_id, prepay_id } = order;
  const offered = offeredWith(prepay_id);
  const notes = [
    description,
    offered && m.withContract(offered.out_contract_code),
    contract_id && m.charges(contract_id),
  ];
  const canPay = trade_state === 'NOTPAY';
  const canSign = canPay && offered?.state === 'PRE_SIGNED';
  const pay = button(m.pay, `pay ${key}`, () => act('pay', { prepay_id }), { primary: !canSign });
  const both = button(m.payAndSign, `both ${key}`, () => act('pay', { prepay_id, signs: true }), { primary: true });
  return [
    h(
      'tr',
      {},
      timeCell(created_at * 1000),
      h(
        'td',
        { class: 'main' },
        code(out_trade_no),
        ...notes.filter(Boolean).map((note) => h('span', { class: 'note' }, String(note))),
      ),
      h('td', { class: 'number' }, `¥${(total / 100).toFixed(2)}`),
      h('td', { class: 'state' }, badge(trade_state, { SUCCESS: 'good', NOTPAY: 'wait' })),
      actions(canPay && pay, canSign && both),
    ),
  ];
}

function contractRow(contract: GatewayContract, key: string): Node[] {
  const m = text();
  const { mchid, out_contract_code, contract_display_account, service_id, state, contract_id } = contract;
  const name = { mchid, out_contract_code };
  const isPreSigned = state === 'PRE_SIGNED';
  const isPaid = (orderOf(contract.prepay_id)?.trade_state ?? 'SUCCESS') === 'SUCCESS';
  const terminated = contract.contract_terminate_info;
  const notes = [
    `${contract_display_account} · ${m.service(service_id)}`,
    contract_id && `contract_id ${contract_id}`,
    terminated && `${terminated.contract_termination_mode} ${terminated.contract_termination_remark ?? ''}`,
  ];
  return [
    h(
      'tr',
      {},
      h(
        'td',
        { class: 'main' },
        code(out_contract_code),
        ...notes.filter(Boolean).map((note) => h('span', { class: 'note' }, String(note))),
      ),
      h('td', { class: 'state' }, badge(state, { SIGNED: 'good', PRE_SIGNED: 'wait' })),
      actions(
        isPreSigned && isPaid && button(m.sign, `sign ${key}`, () => act('sign', name), { primary: true }),
        isPreSigned && button(m.giveUp, `abandon ${key}`, () => act('abandon', name)),
        state === 'SIGNED' && button(m.terminate, `terminate ${key}`, () => act('terminate', name)),
      ),
    ),
  ];
}

function requestRow(request: RequestView, key: string): Node[] {
  const m = text();
  const { time, method, path, status, code: result, durationMs, fault, sentStatus } = request;
  const isRefused = status >= 300;
  const purpose = ENDPOINTS.find(([pattern]) => pattern.test(`${method} ${path.split('?', 1)[0]}`))?.[1][language];
  const id = `requests ${key}`;
  const row = h(
    'tr',
    {},
    timeCell(time),
    h('td', { class: 'main' }, moreButton(id, purpose ?? `${method} ${path}`, purpose && `${method} ${path}`)),
    h(
      'td',
      { class: 'state' },
      h('span', { class: `badge ${isRefused ? 'bad' : 'good'}` }, `${status} ${result}`),
      fault !== undefined && h('span', { class: 'note' }, m.fault(fault, sentStatus)),
    ),
    h('td', { class: 'number time' }, `${durationMs < 10 ? durationMs.toFixed(1) : Math.round(durationMs)} ms`),
  );
  if (!expanded.has(id)) return [row];
  const { signedMessage, explanation, message } = request;
  return [
    row,
    detail(
      4,
      isRefused && explain(explanation, message),
      ...(isRefused ? differences(explanation) : []),
      ...(signedMessage === undefined || (isRefused && explanation?.expected === signedMessage)
        ? []
        : [
            h('h3', {}, m.signedMessage),
            h('p', { class: 'note' }, isRefused ? m.signatureExpected : m.signatureFits),
            messageBlock(signedMessage),
          ]),
    ),
  ];
}

/** WeChat Pay's own message, and the sandbox's explanation. */
function explain(explanation: Explanation | undefined, message: string): HTMLElement {
  return h(
    'div',
    { class: 'explanation' },
    explanation && h('p', { class: 'where' }, explanation.where),
    explanation && h('p', {}, explanation[language]),
    h('p', { class: 'note' }, message),
  );
}

function differences({ expected, actual }: Partial<Explanation> = {}): HTMLElement[] {
  const m = text();
  return [
    ...(expected === undefined ? [] : [h('h3', {}, m.expected), messageBlock(expected, actual)]),
    ...(actual === undefined ? [] : [h('h3', {}, m.actual), messageBlock(actual, expected)]),
  ];
}

/** Shows line feeds, and marks the lines that differ from the other text. */
function messageBlock(message: string, other?: string): HTMLElement {
  const others = other?.split('\n');
  const lines = message.split('\n');
  const parts = lines.map((line, index) => {
    const isLast = index === lines.length - 1;
    const differs = others !== undefined && line !== others[index];
    return h(
      'span',
      { class: differs ? 'differs' : undefined },
      line,
      !isLast && h('span', { class: 'end-of-line' }, '⏎'),
      isLast ? '' : '\n',
    );
  });
  return h('pre', { tabindex: '0' }, ...parts);
}

function notificationRow(notification: NotificationView, key: string): Node[] {
  const m = text();
  const { createdAt, event_type, about, url, state, attempts, nextAt, resource } = notification;
  const id = `notifications ${key}`;
  const last = attempts.at(-1);
  const row = h(
    'tr',
    {},
    timeCell(createdAt),
    h('td', { class: 'main' }, moreButton(id, `${event_type} ${about}`, url)),
    h(
      'td',
      { class: 'state' },
      badge(state, { delivered: 'good', 'given-up': 'bad', waiting: 'wait' }),
      last &&
        h(
          'span',
          { class: 'note' },
          `${attempts.length > 1 ? `${attempts.length}× · ` : ''}${last.status ?? m.noResponse}`,
        ),
      nextAt !== undefined && h('span', { class: 'note' }, m.nextAt(clockTime(nextAt))),
    ),
    actions(
      state !== 'sending' && button(m.sendAgain, `again ${key}`, () => act('notifications/send-again', { id: key })),
    ),
  );
  if (!expanded.has(id)) return [row];
  return [
    row,
    detail(
      4,
      h('h3', {}, m.attempts),
      h('ul', { class: 'attempts' }, ...attempts.slice(-20).reverse().map(attemptItem)),
      h('h3', {}, m.resource),
      h('pre', { tabindex: '0' }, resource),
    ),
  ];
}

function attemptItem({
  at,
  status,
  body,
  durationMs,
  isAccepted,
  failure,
  reason = 'other',
}: AttemptView): HTMLElement {
  const m = text();
  return h(
    'li',
    {},
    h('span', { class: 'code' }, `${clockTime(at)} `),
    h(
      'span',
      { class: `badge ${isAccepted ? 'good' : 'bad'}` },
      `${status ?? m.noResponse} ${isAccepted ? m.accepted : m.refused}`,
    ),
    ` ${durationMs} ms`,
    failure !== undefined && h('span', { class: 'note' }, reason === 'other' ? failure : m.failures[reason]),
    body !== '' && h('pre', { tabindex: '0' }, body),
  );
}

// ---- Faults ----

function faultSection(pending: HTMLElement): HTMLElement {
  const m = text();
  const groups = Object.entries(FAULT_GROUPS).map(([group, names]) => {
    const options = Object.entries(names).map(([name, label]) => h('option', { value: name }, label[language]));
    return h('optgroup', { label: m.groups[group as keyof typeof FAULT_GROUPS] }, ...options);
  });
  const kind = h('select', { id: 'fault', 'data-focus': 'fault' }, ...groups) as HTMLSelectElement;
  const counts: [string, string][] = [
    ['1', m.once],
    ...[2, 3, 5].map((count): [string, string] => [String(count), m.timesCount(count)]),
    ['always', m.always],
  ];
  const times = h(
    'select',
    { id: 'fault-times', 'data-focus': 'fault-times' },
    ...counts.map(([value, label]) => h('option', { value }, label)),
  ) as HTMLSelectElement;
  const endpoint = h('input', {
    id: 'fault-endpoint',
    'data-focus': 'fault-endpoint',
    placeholder: m.anyPath,
    autocomplete: 'off',
    spellcheck: 'false',
  }) as HTMLInputElement;
  const form = h(
    'form',
    {},
    h('label', {}, m.kind, kind),
    h('label', {}, m.times, times),
    h('label', { class: 'wide' }, m.endpoint, endpoint),
    h('button', { type: 'submit', 'data-focus': 'inject' }, m.inject),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const path = endpoint.value.trim();
    void act('faults', {
      fault: kind.value,
      times: times.value === 'always' ? 'always' : Number(times.value),
      ...(path !== '' && { endpoint: path }),
    });
  });
  return h(
    'section',
    { id: 'faults', 'aria-labelledby': 'faults-title' },
    h('h2', { id: 'faults-title' }, m.faults),
    form,
    pending,
    h('p', { class: 'hint' }, m.faultsHint),
  );
}

function showFaults(): void {
  const m = text();
  const { pending } = frame;
  pending.hidden = faults.length === 0;
  const chips = faults.map(({ fault, remaining, endpoint }) =>
    h('span', { class: 'badge wait', title: endpoint }, m.stillTo(fault, remaining)),
  );
  pending.replaceChildren(
    ...chips,
    button(m.clear, 'clear-faults', () => act('faults/clear', {})),
  );
}

// ---- Parts ----

const emptyOrders = (): [string, string, string] => [
  text().noOrders,
  text().noOrdersNext,
  `node --env-file=${info?.envFile ?? ''} server.js\n\nconst { prepay_id } = await client.transactions.jsapi(order);`,
];

const emptyContracts = (): [string, string, string] => [
  text().noContracts,
  text().noContractsNext,
  'await client.presign({ prepay_id, out_contract_code, … });',
];

function offeredWith(prepay_id: unknown): GatewayContract | undefined {
  if (prepay_id === undefined) return undefined;
  return [...contracts.values()].find((contract) => contract.prepay_id === prepay_id);
}

function orderOf(prepay_id: unknown): GatewayOrder | undefined {
  if (prepay_id === undefined) return undefined;
  return [...orders.values()].find((order) => order.prepay_id === prepay_id);
}

const code = (value: string): HTMLElement => h('span', { class: 'name code' }, value);

function badge(state: keyof Messages & string, kinds: Record<string, string>): HTMLElement {
  return h('span', { class: `badge ${kinds[state] ?? 'idle'}`, 'data-state': state }, String(text()[state]));
}

function button(
  label: string,
  focus: string,
  click: () => void,
  { primary = false }: { primary?: boolean } = {},
): HTMLElement {
  return h('button', { type: 'button', class: primary ? 'primary' : undefined, 'data-focus': focus, click }, label);
}

function actions(...buttons: (HTMLElement | false | undefined)[]): HTMLElement {
  return h('td', { class: 'actions' }, h('div', { class: 'buttons' }, ...buttons));
}

function moreButton(id: string, name: string, note: string | undefined): HTMLElement {
  return h(
    'button',
    {
      type: 'button',
      class: 'more',
      'aria-expanded': String(expanded.has(id)),
      'data-focus': id,
      click: () => toggle(id),
    },
    h('span', { class: 'name' }, name),
    note !== undefined && h('span', { class: 'note code' }, note),
  );
}

function toggle(id: string): void {
  if (!expanded.delete(id)) expanded.add(id);
  show();
}

const detail = (columns: number, ...children: Child[]): HTMLElement =>
  h('tr', { class: 'detail' }, h('td', { colspan: String(columns) }, ...children));

const timeCell = (time: number): HTMLElement => h('td', { class: 'time' }, clockTime(time));

function clockTime(time: number): string {
  const date = new Date(time);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Rows are replaced while somebody works with the keyboard. */
function keepFocus(work: () => void): void {
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['focus'] : undefined;
  work();
  if (focused === undefined || document.activeElement !== document.body) return;
  const found = [...document.querySelectorAll<HTMLElement>('[data-focus]')];
  found.find((element) => element.dataset['focus'] === focused)?.focus({ preventScroll: true });
}

// ---- The sandbox ----

async function act(name: string, fields: object): Promise<void> {
  try {
    const response = await fetch(`/__sandbox/${name}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Sandbox-Token': token },
      body: JSON.stringify(fields),
    });
    frame.toast.textContent = response.ok ? '' : String(Object(await response.json()).error);
  } catch {
    frame.toast.textContent = text().disconnected;
  }
}

function receive({ type, item }: SandboxEvent): void {
  if (type === 'state') {
    // After a restart, the token of this page is no longer valid.
    if (info && info.id !== item.sandbox.id) location.reload();
    info = item.sandbox;
    for (const map of [orders, contracts, requests, notifications]) map.clear();
    for (const order of item.orders) orders.set(orderKey(order), order);
    for (const contract of item.contracts) contracts.set(contractKey(contract), contract);
    for (const request of item.requests) requests.set(String(request.id), request);
    for (const notification of item.notifications) notifications.set(notification.id, notification);
    faults = item.faults;
  } else if (type === 'order') {
    orders.set(orderKey(item), item);
  } else if (type === 'contract') {
    contracts.set(contractKey(item), item);
  } else if (type === 'request') {
    requests.set(String(item.id), item);
  } else if (type === 'notification') {
    notifications.set(item.id, item);
  } else {
    faults = item;
  }
}

const orderKey = ({ mchid, out_trade_no }: GatewayOrder): string => `${mchid} ${out_trade_no}`;
const contractKey = ({ mchid, out_contract_code }: GatewayContract): string => `${mchid} ${out_contract_code}`;

/** Several events may arrive at once; they are shown together. */
let isScheduled = false;
function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  requestAnimationFrame(() => {
    isScheduled = false;
    show();
  });
}

frame = build();
show();
const stream = new EventSource('/__sandbox/events');
stream.addEventListener('open', () => {
  connection = 'open';
  schedule();
});
stream.addEventListener('error', () => {
  connection = 'closed';
  schedule();
});
for (const type of ['state', 'order', 'contract', 'request', 'notification', 'faults'] as const) {
  stream.addEventListener(type, (event) => {
    receive({ type, item: JSON.parse(event.data) });
    schedule();
  });
}
