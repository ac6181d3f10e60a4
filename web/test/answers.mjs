// What the service answers the browser, recorded and held to the service's own description
// by test/e2e/answers.c, as whatever else the tests get.
import { spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

// Of the service itself; the page's files are not described.
const described = (path) => path.startsWith('/v1/') || path === '/healthz' || path === '/metrics';
const patience_ms = 2000;

function within(promise, instead) {
  let timer;
  const late = new Promise((done) => { timer = setTimeout(() => done(instead), patience_ms); });
  return Promise.race([promise.catch(() => instead), late]).finally(() => clearTimeout(timer));
}

function valueOf(headers, name, instead = '') {
  return headers.find((one) => one.name.toLowerCase() === name)?.value ?? instead;
}

export class Answers {
  constructor(weft, city) {
    this.program = join(dirname(weft), 'test/e2e/answers');
    this.city = city;
    this.file = join(city.work, 'answers');
    this.pending = new Set();
    this.tagged = new Set();
    this.windows = this.kept = this.lost = 0;
  }

  // All that the windows of a context get.
  watch(context) {
    this.windows++;
    context.on('response', (response) => {
      const keeping = this.keep(response).finally(() => this.pending.delete(keeping));
      this.pending.add(keeping);
    });
  }

  async settle() {
    await Promise.all(this.pending);
  }

  async keep(response) {
    const url = new URL(response.url());
    if (url.origin !== this.city.origin || !described(url.pathname)) return;
    // What a step answers in the service's stead comes from no address.
    if (await within(response.serverAddr(), null) === null) return;
    const headers = await within(response.headersArray(), null), method = response.request().method();
    if (headers === null) {
      this.lost++;
      return;
    }
    if (this.isNotModified(url, response.status(), headers)) {
      this.record(method, url, 304, headers, Buffer.alloc(0));
      return;
    }
    // A stream has no end here, and what only the head is asked of has no body.
    if (method === 'HEAD' || /^text\/event-stream/.test(valueOf(headers, 'content-type'))) {
      this.record(method, url, response.status(), headers, null);
      return;
    }
    // A browser that went on to another page has thrown the body away; one that was saved as
    // a file is given as empty.
    let body = await within(response.body(), null);
    if (body?.length === 0 && (valueOf(headers, 'content-length', '0') !== '0' || valueOf(headers, 'transfer-encoding'))) body = null;
    this[body === null ? 'lost' : 'kept']++;
    this.record(method, url, response.status(), headers, body);
  }

  // What the browser had in its cache and asked for again is told with the head of the 304
  // that came, as if it were 200: without the type that the first answer with that tag had.
  isNotModified(url, status, headers) {
    const tagged = `${url.pathname}${url.search} ${valueOf(headers, 'etag')}`;
    if (status !== 200 || !valueOf(headers, 'etag')) return false;
    if (valueOf(headers, 'content-type')) this.tagged.add(tagged);
    return !valueOf(headers, 'content-type') && this.tagged.has(tagged);
  }

  record(method, url, status, headers, body) {
    const head = Buffer.from(`HTTP/1.1 ${status} \r\n${headers.map((one) => `${one.name}: ${one.value}\r\n`).join('')}\r\n`);
    const line = `${method} ${url.pathname}${url.search} ${head.length} ${body?.length ?? '-'}\n`;
    appendFileSync(this.file, Buffer.concat([Buffer.from(line), head, body ?? Buffer.alloc(0)]));
  }

  // With what the service says of itself. Every window got something, and of most the body
  // is here; one that is spoiled would be found. Says what is wrong; nothing is good.
  async hold() {
    const url = new URL('/v1/openapi.json', this.city.origin), said = await fetch(url);
    this.record('GET', url, said.status, [...said.headers].map(([name, value]) => ({ name, value })), Buffer.from(await said.arrayBuffer()));
    const held = spawnSync(this.program, [String(this.windows), this.file], { encoding: 'utf8' });
    console.log(held.stdout.trim());
    const wrong = held.status === 0 ? [] : [`answers are not as described: ${held.error ?? held.stderr.slice(0, 3000)}`];
    console.log(`${this.kept} answers with their bodies, ${this.lost} without`);
    if (this.lost > 10 + this.kept / 10) wrong.push(`of ${this.lost} answers beside ${this.kept} the body was not kept`);
    copyFileSync(this.file, `${this.file}.spoiled`);
    this.file = `${this.file}.spoiled`;
    this.record('GET', new URL('/healthz', this.city.origin), 200, [{ name: 'X-Request-Id', value: '1' }, { name: 'Content-Type', value: 'application/json' }], Buffer.from('{}'));
    const spoiled = spawnSync(this.program, ['0', this.file], { encoding: 'utf8' });
    if (spoiled.status !== 1 || !spoiled.stderr.includes('to GET /healthz')) wrong.push('an answer that is spoiled is not found');
    return wrong;
  }
}
