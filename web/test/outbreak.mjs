// A drill city of 21 towns in the first hours of an outbreak, for the wall: people of the
// register, three cases, contacts on their way, tubes without result, many holes.
import { City } from './city.mjs';

const sizes = [310, 46, 92, 74, 150, 88, 62, 40, 84, 56, 130, 96, 48, 60, 38, 44, 110, 52, 20, 210, 64];
const start = Date.parse('2021-12-11T08:00:00+08:00');

export class OutbreakCity extends City {
  constructor(weft, data) {
    super(weft, data);
    this.at = '2021-12-11T16:42:00+08:00';
  }

  // So many minutes after 8 o'clock.
  after(minutes, kind, grid, body) {
    return this.fact(kind, new Date(start + Math.min(minutes, 520) * 60000 + 8 * 3600000).toISOString().slice(0, 19), grid, body);
  }

  town(at) {
    return `320282${String(at + 1).padStart(3, '0')}`;
  }

  people() {
    const lines = [];
    let person = 0;
    this.persons = sizes.map((size, town) => Array.from({ length: size }, (_, at) => {
      const grid = `${this.town(town)}${String(1 + at % 3).padStart(3, '0')}`, id = `P-${String(++person).padStart(7, '0')}`;
      lines.push(this.after(-600 + person % 60, 'person.registered', grid, { person: id, grid }));
      return { id, grid };
    }));
    return lines;
  }

  // How many of a town were sampled differs; of their tubes some have no result yet.
  sampling() {
    const lines = [];
    let tube = 0;
    this.persons.forEach((persons, town) => {
      const done = Math.round(persons.length * [.71, 1, .8, .78, .55, .7, .95, 1, .3, .85, .62, .66, .8, .9, 0, .75, .57, .8, 1, .6, .7][town]);
      for (let at = 0; at < done; at += 10) {
        const name = `T-${String(++tube).padStart(4, '0')}`, when = 60 + tube * 53 % 400, those = persons.slice(at, Math.min(done, at + 10));
        for (const one of those) lines.push(this.after(when, 'sample.collected', one.grid, { tube: name, person: one.id, site: `S-${town + 1}` }));
        lines.push(this.after(when + 5, 'tube.sealed', this.town(town), { tube: name, count: those.length }));
        if (tube % 4 !== 0) lines.push(this.after(when + 40 + tube % 7 * 9, 'tube.received', this.town(town), { tube: name, lab: '一号实验室' }));
        if (tube % 3 !== 0) lines.push(this.after(when + 90, 'tube.resulted', this.town(town), { tube: name, result: 'negative' }));
      }
      if (town % 4 === 1)
        for (let late = 0; late < 2 + town % 3; late++) {
          const name = `L-${town}-${late}`;
          lines.push(this.after(-400 - 30 * late, 'sample.collected', this.town(town), { tube: name, person: persons[late].id, site: `S-${town + 1}` }));
          lines.push(this.after(-390 - 30 * late, 'tube.sealed', this.town(town), { tube: name, count: 1 }));
        }
    });
    return lines;
  }

  cases() {
    const lines = [this.after(5, 'outbreak.declared', '', { outbreak: 'O-1211', name: '演练 1211' })], day = (n) => `2021-12-${String(n).padStart(2, '0')}T09:00:00+08:00`;
    [[19, 8, 0], [3, 9, 20], [4, 10, 60], [19, 10, 200], [0, 9, 260], [16, 11, 300], [19, 11, 400]].forEach(([town, onset, told], at) => {
      const { id, grid } = this.persons[town][at + 30 > this.persons[town].length ? at : at + 12], one = `C-${at + 1}`;
      lines.push(this.after(told, 'case.reported', grid, { case: one, person: id, outbreak: 'O-1211', classification: 'confirmed', onset: day(onset), known_as: `EPID-${3202 + at}`, known_as_too: `EXT-${at + 1}`, source: at < 2 ? 'clinic' : 'screening' }));
      if (at < 5) lines.push(this.after(told + 74, 'case.investigated', grid, { case: one, outbreak: 'O-1211', milestone: 'first_facts' }));
      if (at < 3) lines.push(this.after(told + 200, 'case.investigated', grid, { case: one, outbreak: 'O-1211', milestone: 'core_report' }));
      // Two came from the first, and one from the second of them.
      const from = { 2: 'C-1', 3: 'C-1', 5: 'C-4' }[at];
      if (from) lines.push(this.after(told + 90, 'case.investigated', grid, { case: one, outbreak: 'O-1211', milestone: 'source_search', origin: 'linked', linked_case: from }));
      if (at < 6) lines.push(this.after(told + 60, 'case.isolated', grid, { case: one, outbreak: 'O-1211', where: 'hospital' }));
    });
    return lines;
  }

  contacts() {
    const lines = [], shares = [.9, .7, 1, .8, .75, .6, .9, .95, .4, .8, .85, .6, 1, .7, .5, .8, .75, .9, 0, .7, .8];
    this.persons.forEach((persons, town) => {
      if (town === 18) return;
      const many = Math.max(4, Math.round(persons.length / 6));
      for (let at = 0; at < many; at++) {
        const { id, grid } = persons[persons.length - 1 - at], level = at % 9 === 0 ? 'close' : 'secondary', when = 190 + (at * 17 + town * 29) % 260;
        const about = { person: id, outbreak: 'O-1211' };
        lines.push(this.after(when, 'contact.confirmed', grid, { case: 'C-1', ...about, level, judgement: '同车厢' }));
        const share = (at + .5) / many;
        if (share > shares[town]) continue;
        lines.push(this.after(when + 30, 'contact.reached', grid, { ...about, how: 'phone' }));
        if (share > shares[town] * .85) continue;
        lines.push(this.after(when + 70, 'contact.placed', grid, { ...about, where: 'site' }));
        if (share < shares[town] * .7) lines.push(this.after(when + 75, 'contact.tested', grid, { ...about, result: 'negative' }));
      }
      // Named in the morning, and nobody judged them.
      for (let at = 0; at < town % 4; at++)
        lines.push(this.after(20, 'contact.named', persons[at].grid, { case: 'C-1', person: persons[at].id, outbreak: 'O-1211', how: 'interview' }));
    });
    return lines;
  }

  make() {
    this.run(['init', this.dir, '--kind', 'drill', '--clock', '2021-12-11T16:30:00+08:00']);
    this.send(`${[...this.people(), ...this.sampling(), ...this.cases(), ...this.contacts()].join('\n')}\n`);
    this.user('hu', 'commander');
    this.user('lin', 'lead', ['--office', '流调溯源组']);
    this.user('jian', 'lab', ['--office', '虚构检测所']);
    this.user('ge', 'grid_worker', ['--office', '虚构社区']);
    this.user('yi', 'medic', ['--grid', '320282003', '--office', '虚构医院']);
    this.user('jg', 'regulator', ['--office', '虚构监管局']);
  }
}
