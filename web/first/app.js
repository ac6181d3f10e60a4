// The first page: what state the service is in, what is missing, what can be asked.
// It asks for nothing that it may not have: who is not logged in sees what is open.
'use strict';

const words = {
  status: ['服务', 'Service'], ok: ['正常', 'up'], stopping: ['正在停止', 'being stopped'],
  gone: ['无法连接', 'cannot be reached'], version: ['版本', 'Version'],
  kind: ['城市', 'City'], real: ['实战', 'real'], drill: ['演练', 'drill'],
  now: ['城市时间', 'City time'], as_of: ['数据截至', 'Data as of'],
  facts: ['条事实', 'facts'], none: ['尚无事实', 'no facts yet'], who: ['登录用户', 'Logged in as'],
  open: ['无需令牌', 'open, no token'], closed: ['须有令牌或登录', 'token or log-in'],
  parameter: ['参数', 'Parameter'], where: ['位置', 'In'], what: ['说明', 'What'],
  field: ['字段', 'Field'], type: ['类型', 'Type'], column: ['列', 'Column'],
  answers: ['应答', 'Answers'], body: ['正文', 'Body'], needed: ['必填', 'required'],
  personal: ['涉及个人', 'personal'], roles: ['谁可发送', 'Sent by'],
  decision: ['决定', 'decision'], observation: ['观察', 'observation'],
  no_holes: ['没有', 'none'], path: ['路径', 'path'], query: ['查询', 'query'], header: ['请求头', 'header'],
};
let english = localStorage.getItem('weft-language') === 'en';
let description = null, health = null, session = null, counts = null;

const byId = (id) => document.getElementById(id);
const word = (name) => (words[name] || [name, name])[english ? 1 : 0];
const said = (thing) => (english ? thing.description || thing.summary || '' :
  thing['x-description-zh'] || thing['x-summary-zh'] || thing.description || thing.summary || '');

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

async function ask(path, options = {}) {
  const headers = { 'Accept-Language': english ? 'en' : 'zh', ...options.headers };
  const reply = await fetch(path, { ...options, headers, credentials: 'same-origin' });
  const json = reply.status === 204 ? null : await reply.json();
  if (!reply.ok) throw json;
  return json;
}

// ---- what is shown ----

function showState() {
  const rows = [];
  const add = (name, value, mark) => rows.push(make('dt', { textContent: word(name) }),
    make('dd', { textContent: value, className: mark || '' }));
  const up = health && health.status === 'ok';
  add('status', word(health ? health.status : 'gone'), up ? 'good' : 'bad');
  if (health) {
    add('version', health.version);
    add('kind', word(health.kind));
    add('now', health.now);
    if (health.as_of) {
      const number = health.as_of.position.toLocaleString(english ? 'en' : 'zh-CN');
      add('as_of', health.as_of.at ? `${health.as_of.at} · ${number} ${word('facts')}` : word('none'));
    }
  }
  if (session) add('who', session.grid ? `${session.name} · ${session.role} · ${session.grid}` : `${session.name} · ${session.role}`);
  byId('state').replaceChildren(...rows);
  byId('drill').hidden = !(health && health.kind === 'drill');
}

// Counts come by grid, from the widest down: the first grid's are those of all.
function showHoles() {
  byId('holes').hidden = !counts;
  if (!counts) return;
  const all = counts.rows.filter((row) => row.grid === counts.rows[0].grid);
  const rows = all.map((row) => make('tr', {},
    make('td', {}, (english ? row.title_en : row.title_zh) || row.kind),
    make('td', { textContent: row.due, className: 'number' }),
    make('td', { textContent: row.not_yet, className: 'number' })));
  byId('holes-rows').replaceChildren(...rows);
  byId('holes-note').textContent = rows.length ? '' : word('no_holes');
}

function table(heads, rows) {
  const head = make('tr', {}, ...heads.map((name) => make('th', { scope: 'col', textContent: word(name) })));
  return make('table', {}, make('thead', {}, head),
    make('tbody', {}, ...rows.map((cells) => make('tr', {}, ...cells.map((cell) =>
      make('td', {}, cell))))));
}

const code = (text) => make('code', { textContent: text });
const soft = (text) => make('span', { textContent: text, className: 'soft' });

function typeOf(schema) {
  if (!schema) return '';
  if (schema.$ref) return schema.$ref.split('/').pop();
  if (schema.enum) return schema.enum.join(' | ');
  if (schema.const) return schema.const;
  if (schema.type === 'array') return `[${typeOf(schema.items)}]`;
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type || '';
  return schema.format || schema['x-format'] || type;
}

function parametersOf(operation) {
  return operation.parameters
    .map((one) => (one.$ref ? description.components.parameters[one.$ref.split('/').pop()] : one))
    .map((one) => [code(one.name + (one.required ? ' *' : '')), word(one.in), typeOf(one.schema), said(one)]);
}

function operationOf(path, method, operation) {
  const inside = make('div', {});
  const open = operation.security.length === 0;
  inside.append(make('p', { className: 'soft', textContent: `${operation.operationId} · ${word(open ? 'open' : 'closed')}` }));
  inside.append(table(['parameter', 'where', 'type', 'what'], parametersOf(operation)));
  if (operation.requestBody) {
    const [[type, content]] = Object.entries(operation.requestBody.content);
    inside.append(make('p', {}, `${word('body')}: `, code(type), ' ',
      typeOf(content.schema['x-line-schema'] || content.schema)));
  }
  inside.append(make('p', { className: 'soft', textContent: word('answers') }),
    table(['status', 'what'], Object.entries(operation.responses).map(([status, one]) => [code(status), said(one)])));
  const summary = make('summary', {}, make('span', { className: 'method', textContent: method.toUpperCase() }),
    code(path), ' ', soft(said(operation)));
  return make('details', {}, summary, inside);
}

const fieldsOf = (schema) => Object.entries(schema.properties || {}).map(([name, one]) => [
  code(name + ((schema.required || []).includes(name) ? ' *' : '')),
  typeOf(one) + (one['x-personal'] ? ` · ${word('personal')}` : ''), said(one)]);

function factOf(name, schema) {
  const roles = (schema['x-roles'] || []).join(', ');
  return make('details', {}, make('summary', {}, code(name.slice('fact.'.length)), ' ', soft(said(schema))),
    make('div', {}, make('p', { className: 'soft', textContent: `${word(schema['x-class'])} · ${word('roles')}: ${roles}` }),
      table(['field', 'type', 'what'], fieldsOf(schema.properties.body))));
}

function viewOf(name, schema) {
  const title = english ? schema.title : schema['x-title-zh'];
  return make('details', {}, make('summary', {}, code(name.slice('view.'.length).replace('.', '/')), ' ', soft(title)),
    make('div', {}, make('p', { textContent: said(schema) }), table(['column', 'type', 'what'], fieldsOf(schema))));
}

function showReference() {
  const wanted = byId('find').value.trim().toLowerCase();
  const fits = (element) => !wanted || element.textContent.toLowerCase().includes(wanted);
  if (!description) return;
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => operationOf(path, method, one)));
  const schemas = Object.entries(description.components.schemas);
  byId('reference').replaceChildren(...operations.filter(fits));
  byId('facts').replaceChildren(...schemas.filter(([name]) => name.startsWith('fact.')).map(([name, one]) => factOf(name, one)).filter(fits));
  byId('views').replaceChildren(...schemas.filter(([name]) => name.startsWith('view.')).map(([name, one]) => viewOf(name, one)).filter(fits));
}

function show() {
  document.documentElement.lang = english ? 'en' : 'zh-CN';
  byId('language').textContent = english ? '中文' : 'English';
  byId('language').lang = english ? 'zh-CN' : 'en';
  for (const element of document.querySelectorAll('[data-zh]'))
    element.textContent = english ? element.dataset.en : element.dataset.zh;
  byId('reference-note').append(make('a', { href: '/v1/openapi.json', textContent: '/v1/openapi.json' }));
  byId('login').hidden = Boolean(session);
  byId('leave').hidden = !session;
  showState();
  showHoles();
  showReference();
}

// ---- what is asked ----

async function askState() {
  try { health = await ask('/healthz'); } catch { health = null; }
  showState();
}

async function askCounts() {
  counts = null;
  if (session) {
    try { counts = await ask('/v1/counts'); } catch { counts = null; }
  }
  showHoles();
}

// Whether a session may be there is kept beside it: who never logged in asks for none.
async function askSession() {
  if (!localStorage.getItem('weft-session')) return;
  try { session = await ask('/v1/session'); } catch { enter(null); }
}

function enter(who) {
  session = who;
  if (who) localStorage.setItem('weft-session', '1');
  else localStorage.removeItem('weft-session');
}

async function logIn(event) {
  event.preventDefault();
  const form = byId('login-form');
  const given = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''));
  byId('login-error').textContent = '';
  try {
    enter(await ask('/v1/login', { method: 'POST', body: JSON.stringify(given),
      headers: { 'Content-Type': 'application/json' } }));
    form.reset();
  } catch (error) {
    byId('login-error').textContent = [error.message, error.hint].filter(Boolean).join(' · ') || word('gone');
    form.elements.password.value = '';
    form.elements.code.value = '';
  }
  show();
  await askCounts();
}

async function logOut() {
  try { await ask('/v1/logout', { method: 'POST', headers: { 'Weft-CSRF': session.csrf } }); } catch { /* it is over */ }
  enter(null);
  counts = null;
  show();
}

function bind() {
  byId('language').addEventListener('click', () => {
    english = !english;
    localStorage.setItem('weft-language', english ? 'en' : 'zh');
    show();
  });
  byId('find').addEventListener('input', showReference);
  byId('login-form').addEventListener('submit', logIn);
  byId('leave').addEventListener('click', logOut);
}

async function begin() {
  bind();
  show();
  await askState();
  await askSession();
  try { description = await ask('/v1/openapi.json'); } catch { description = null; }
  show();
  await askCounts();
  setInterval(askState, 5000);
}

begin();
