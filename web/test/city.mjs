// The drill city that the pages are looked at with, and the service on it. Its people are
// invented; its clock stands at the end of 12 December 2021, and goes on.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const quiet = join(dirname(fileURLToPath(import.meta.url)), '../../test/quiet/quiet.py');

const password = 'a long sentence of the drill 7';
const day = '2021-12-12T', zone = '+08:00';

export function oneTimeCode(secret, seconds) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((one) => letters.indexOf(one).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((one) => parseInt(one, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
  const digest = createHmac('sha1', key).update(counter).digest();
  return String((digest.readUInt32BE(digest[19] & 15) & 0x7fffffff) % 1000000).padStart(6, '0');
}

export class City {
  constructor(weft, data) {
    this.weft = weft;
    this.work = mkdtempSync(join(tmpdir(), 'weft-web-'));
    this.dir = join(this.work, 'city');
    mkdirSync(join(this.work, 'keys'));
    this.environment = { ...process.env, WEFT_KEY_DIR: join(this.work, 'keys'), WEFT_DATA_DIR: data };
    this.seq = 0;
    this.secrets = {};
    this.sessions = new Map(); // cookies by user
    this.codes = new Map(); // the number of the last one-time code by user
    this.password = password;
    this.at = `2021-12-13T00:05:00${zone}`; // when the service begins
    this.told = join(this.work, 'told'); // what was put in, and what came back
    this.addresses = join(this.work, 'addresses'); // that the browser asked for
    this.seeds = join(this.work, 'seeds');
    this.log = join(this.work, 'log');
    writeFileSync(this.addresses, '');
    this.seeded(password);
  }

  run(args, input = '') {
    const said = execFileSync(this.weft, args, { input, env: this.environment, stdio: ['pipe', 'pipe', 'pipe'] }).toString();
    appendFileSync(this.told, `${args.join(' ')}\n${input}\n${said}\n`);
    return said;
  }

  // Strings that must stand in no log and no address, which nothing that was told shows.
  seeded(...texts) {
    appendFileSync(this.seeds, texts.map((text) => `P ${text}\n`).join(''));
  }

  // What a window asks for is searched in the end.
  watch(page) {
    page.on('request', (one) => appendFileSync(this.addresses, `${one.url()}\n`));
  }

  // Who has come in has secrets of a session.
  async cameIn(context) {
    this.seeded(...(await context.cookies()).map((one) => one.value));
  }

  fact(kind, at, grid, body) {
    const when = at.includes('T') ? at : `${day}${at}`;
    return JSON.stringify({ device: 'cli', seq: ++this.seq, kind, at: `${when}${zone}`, grid, body });
  }

  // Tubes without a result in five towns, some of them late; two records of one person;
  // an order; and what one resident may see of themselves.
  facts() {
    const lines = [], towns = ['990101001', '990101002', '990101003', '990102001', '990102002'];
    const hours = ['2021-12-11T15', '2021-12-12T13', '2021-12-12T00', '2021-12-12T01', '2021-12-12T12', '2021-12-12T20', '2021-12-11T23'];
    let tube = 0;
    towns.forEach((town, at) => {
      for (let i = 0; i <= 2 + at * 3; i++) {
        const hour = hours[(i + at) % hours.length], name = `T-${String(++tube).padStart(4, '0')}`;
        lines.push(this.fact('sample.collected', `${hour}:10:00`, town, { tube: name, person: `P-${String(tube + 40).padStart(7, '0')}`, site: 'M-1' }));
        lines.push(this.fact('tube.sealed', `${hour}:14:00`, town, { tube: name, count: 1 }));
      }
    });
    lines.push(this.fact('sample.collected', '17:00:00', towns[0], { tube: 'T-9001', person: 'P-0000007', site: 'M-1' }));
    lines.push(this.fact('tube.sealed', '17:30:00', towns[0], { tube: 'T-9001', count: 1 }));
    lines.push(this.fact('tube.resulted', '21:20:00', towns[0], { tube: 'T-9001', result: 'negative' }));
    // One of which nobody knows where it was filled: no post answers for it.
    lines.push(this.fact('tube.sealed', '12:00:00', undefined, { tube: 'T-9100', count: 1 }));
    this.tasks(lines, towns);
    this.atMarket(lines);
    this.letters(lines, towns[4]);
    for (const person of ['P-X1', 'P-X2'])
      lines.push(this.fact('person.registered', '16:00:00', towns[1], { person, id_number: '320282199003070011', grid: towns[1] }));
    lines.push(this.fact('order.issued', '18:00:00', towns[0], { order: 'O-1', kind: 'hold', persons: ['P-0000007'],
      clause: 'cn-40', because: [{ device: 'cli', seq: 1 }], from: `${day}18:00:00${zone}`, until: `2021-12-20T08:00:00${zone}` }));
    return `${lines.join('\n')}\n`;
  }

  // A market where a case was, without list or notice; what was swabbed there; and one of
  // those who were there, who was told and has been reached.
  atMarket(lines) {
    const market = 'MK-0000000', grid = '990101001001001001', from = `2021-12-07T10:00:00${zone}`, until = `2021-12-07T10:40:00${zone}`;
    const say = (kind, at, body) => lines.push(this.fact(kind, at, grid, body));
    say('place.exposed', '08:00:00', { case: 'C-0002', place: market, outbreak: 'OB-2', from, until });
    ['门把手', '案板 12 号', '收银台'].forEach((object, at) => {
      say('environment.sampled', `09:0${at}:00`, { tube: `E-000${at + 1}`, place: market, object, outbreak: 'OB-2' });
      if (at < 2) say('tube.resulted', '15:00:00', { tube: `E-000${at + 1}`, result: at === 0 ? 'positive' : 'negative' });
    });
    say('task.assigned', '18:10:00', { task: 'K-9', hole: 'cases/place_not_listed', subject: market, place: market, post: 'tracing@990101', due: `2021-12-13T02:00:00${zone}` });
    say('contact.confirmed', '12:00:00', { case: 'C-0002', person: 'P-0000007', outbreak: 'OB-2', level: 'close', exposed_from: from, exposed_until: until, place: market, judgement: '同一摊位' });
    say('contact.reached', '13:00:00', { person: 'P-0000007', outbreak: 'OB-2', how: 'phone' });
    say('visit.stated', '13:10:00', { person: 'P-0000007', place: market, start: from, end: until });
    lines.push(this.fact('grid.renamed', '07:00:00', '990101002', { grid: '990101002', name: '青竹镇' }));
    lines.push(this.fact('grid.renamed', '07:00:00', '990101001', { grid: '990101001', name: '白石镇' }));
  }

  // To another region about somebody who was at the market, and from one: received, checked,
  // not yet under control; answered in full at once, and not to be found.
  letters(lines, grid) {
    const about = { case: 'C-0002', outbreak: 'OB-2', persons: ['P-0000007'] };
    lines.push(this.fact('letter.sent', '22:30:00', grid, { letter: 'XC-2021-1207', region: '南桥市', about: 'control', ...about }));
    // One that nobody there has acknowledged in time.
    lines.push(this.fact('letter.sent', '20:00:00', grid, { letter: 'XC-2021-1205', region: '北桥市', about: 'check', outbreak: 'OB-2' }));
    lines.push(this.fact('letter.received', '20:10:00', grid, { letter: 'NQ-88', region: '南桥市', about: 'control', outbreak: 'OB-2', persons: ['P-0000009', 'P-0000011'] }));
    lines.push(this.fact('letter.answered', '21:30:00', grid, { letter: 'NQ-88', answer: 'checked' }));
    for (const [letter, answer] of [['NQ-89', 'done'], ['NQ-90', 'not_found']]) {
      lines.push(this.fact('letter.received', '19:10:00', grid, { letter, region: '南桥市', about: 'control', outbreak: 'OB-2', persons: ['P-0000013'] }));
      lines.push(this.fact('letter.answered', '20:30:00', grid, { letter, answer }));
    }
  }

  // One that is overdue and has gone up, one that was returned, one that was accepted, one
  // whose hole a fact has closed; who holds the posts.
  tasks(lines, towns) {
    const post = `testing@${towns[1]}`;
    const give = (task, tube, due) => lines.push(this.fact('task.assigned', '18:10:00', towns[1], { task, hole: 'testing/tube_no_result',
      subject: tube, post, due }));
    give('K-1', 'T-0004', `${day}22:00:00${zone}`);
    give('K-2', 'T-0005', `2021-12-13T06:00:00${zone}`);
    give('K-3', 'T-0006', `2021-12-13T07:00:00${zone}`);
    give('K-4', 'T-9001', `2021-12-13T08:00:00${zone}`);
    lines.push(this.fact('task.returned', '19:10:00', towns[1], { task: 'K-2', reason: 'needs_decision' }));
    lines.push(this.fact('task.accepted', '18:20:00', towns[1], { task: 'K-3' }));
    for (const [name, user] of [[post, 'wu'], ['testing@990101', 'lin']])
      lines.push(this.fact('post.held', '18:00:00', towns[1], { post: name, user, from: `${day}18:00:00${zone}`, until: `2021-12-14T08:00:00${zone}` }));
  }

  send(lines) {
    const out = this.run(['import', this.dir, 'facts', '-', '--json'], lines);
    if (JSON.parse(out.trim().split('\n').pop()).refused !== 0) throw new Error(`the city refuses what the test sends: ${out}`);
  }

  user(name, role, more = []) {
    const file = join(this.work, 'password');
    writeFileSync(file, password);
    this.run(['user', this.dir, 'add', name, '--role', role, ...more]);
    const said = this.run(['user', this.dir, 'secret', name, '--password-file', file, '--json']);
    this.secrets[name] = JSON.parse(said.trim().split('\n').pop()).totp ?? '';
  }

  make() {
    this.run(['city', this.dir, '--people', '3000', '--days', '8', '--start', '2021-12-05', '--seed', '1']);
    this.send(this.facts());
    this.user('lin', 'lead', ['--office', '流调溯源组']);
    this.user('hu', 'commander');
    this.user('op', 'operator');
    // Two lines that nobody takes, for whoever looks after the service.
    this.run(['import', this.dir, 'facts', '-'], `${this.fact('tube.sealed', '23:00:00', '990101001', { tube: 'T-1', count: 99 })}\n{"kind":"x"}\n`);
    this.user('zhou', 'resident', ['--person', 'P-0000007']);
  }

  async serve() {
    this.server = spawn(this.weft, ['serve', this.dir, '--listen', '127.0.0.1:0', '--json', '--clock', this.at],
      { env: this.environment, stdio: ['ignore', 'pipe', openSync(this.log, 'a')] });
    this.origin = await new Promise((found, failed) => {
      let said = '';
      this.server.stdout.on('data', (piece) => {
        said += piece;
        const address = /"address":"([^"]+)"/.exec(said);
        if (address) found(`http://${address[1]}`);
      });
      this.server.on('exit', () => failed(new Error(`the service ended: ${said}`)));
    });
  }

  // Nothing that was put in about people stands in the service's log, or in an address
  // that the browser asked for (test/quiet): what was wrong is given back.
  kept() {
    // Of a large city the first: ids of all have one form, which is sought as well.
    const all = join(this.work, 'all.csv'), persons = join(this.work, 'persons.csv'), wrong = [];
    this.run(['export', this.dir, 'persons', all]);
    writeFileSync(persons, spawnSync('head', ['-n', '20000', all], { maxBuffer: 1 << 26 }).stdout);
    const search = (...args) => {
      const done = spawnSync('python3', ['-B', quiet, ...args], { encoding: 'utf8' });
      const said = `${done.stdout}${done.stderr}`.trim();
      if (done.status !== 0) wrong.push(`the ${args[0]} hold what they must not: ${said}`);
      else if (said) console.log(`${args[0]}: ${said}`);
    };
    search('gather', this.seeds, this.told, persons);
    search('logs', this.seeds, this.log);
    search('addresses', this.seeds, this.addresses);
    return wrong;
  }

  async end() {
    let wrong = [];
    if (this.server) {
      this.server.removeAllListeners('exit');
      const ended = new Promise((done) => { this.server.on('exit', done); });
      this.server.kill('SIGTERM');
      await ended;
      wrong = this.kept();
    }
    rmSync(this.work, { recursive: true });
    return wrong;
  }
}
