// Puts what the engines of bench/trace wrote side by side: checks the sums, prints the
// table (or --json lines) and adds the lines to the history.
//
//   node report.mjs WORKDIR HISTORY COMMIT COMMAND PEOPLE [--json]
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';

const [work, history, commit, command, people, json] = process.argv.slice(2);
const read = (name) => readFileSync(`${work}/${name}`, 'utf8').trim().split('\n');
const jsonLines = (name) =>
  existsSync(`${work}/${name}`) ? read(name).filter(Boolean).map((text) => JSON.parse(text)) : [];
const table = (name) => {
  const [header, ...rows] = read(name).map((text) => text.split(','));
  return rows.map((row) => Object.fromEntries(header.map((key, i) => [key, row[i]])));
};
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

const ours = new Map(jsonLines('ours.jsonl').map((one) => [one.measure, one]));
const notes = jsonLines('peers.jsonl');
const sums = table('sums.csv');
const wrong = [];

// ---- sums: people and minutes of every case, in every engine ----

const expected = {
  first_ring_all: (row) => [Number(row.first_rows), Number(row.first_seconds) / 60],
  second_ring_crowd300: (row) => [Number(row.second300_rows), Number(row.second300_seconds) / 60],
};
const lines = [];
const compare = (measure, unit, oursValue, peer, theirs, higherIsBetter) => {
  if (oursValue === undefined || theirs === undefined) return;
  const ratio = higherIsBetter ? oursValue / theirs : theirs / oursValue;
  lines.push({ measure, ours: oursValue, unit, peer, theirs: Number(theirs.toPrecision(5)), ratio: Number(ratio.toPrecision(3)) });
};
for (const engine of ['postgresql', 'sqlite', 'duckdb']) {
  const rows = table(`${engine}.csv`);
  for (const measure of Object.keys(expected)) {
    const mine = rows.filter((row) => row.measure === measure);
    for (const row of mine) {
      const [rowsExpected, minutes] = expected[measure](sums[Number(row.number)]);
      if (Number(row.people) !== rowsExpected || Number(row.minutes) !== minutes)
        wrong.push(`${engine} ${measure} case ${row.number}: ${row.people} people ${row.minutes} min, ` +
          `ours ${rowsExpected} people ${minutes} min`);
    }
    if (mine.length !== sums.length) wrong.push(`${engine} ${measure}: ${mine.length} of ${sums.length} cases`);
    const warm = median(mine.map((row) => Number(row.ms)));
    const first = median(mine.map((row) => Number(row.first_ms)));
    compare(measure, 'ms', ours.get(measure)?.ours, engine, Number(warm.toPrecision(4)));
    lines.push({ measure: `${measure}_first_touch`, unit: 'ms', peer: engine, theirs: Number(first.toPrecision(4)) });
  }
}

// ---- the rest ----

const noted = (engine, measure) => notes.find((one) => one.engine === engine && one.measure === measure);
const batch = noted('duckdb', 'batch_100k_crowd300');
const batchRows = ours.get('batch_100k_crowd300_rows')?.ours;
const batchHours = ours.get('batch_100k_crowd300_hours')?.ours;
// Ours prints six digits.
const near = (a, b) => Math.abs(a - b) <= Math.max(a, b) * 1e-5;
if (batch && batchRows !== undefined &&
    !(near(batch.people, batchRows) && near(batch.minutes / 60, batchHours)))
  wrong.push(`duckdb batch: ${batch.people} people ${batch.minutes / 60} h, ours ${batchRows} people ${batchHours} h`);
compare('batch_100k_crowd300', 's', ours.get('batch_100k_crowd300')?.ours, 'duckdb', batch?.value);
compare('source_50', 'ms', ours.get('source_50')?.ours, 'duckdb', noted('duckdb', 'source_50')?.value);
for (const engine of ['postgresql', 'sqlite', 'duckdb']) {
  compare('load', 'visits/s', noted('weft', 'load')?.value, engine, noted(engine, 'load')?.value, true);
  compare('disk_per_visit', 'B', noted('weft', 'disk_per_visit')?.value, engine,
    noted(engine, 'disk_per_visit')?.value);
}
compare('memory', 'MB', noted('weft', 'memory')?.value, 'duckdb', noted('duckdb', 'memory')?.value);
const alone = [...ours.values()].filter((one) => !lines.some((line) => line.measure === one.measure));
for (const one of notes.filter((note) => note.engine === 'weft'))
  if (!lines.some((line) => line.measure === one.measure))
    alone.push({ measure: one.measure, ours: one.value, unit: one.unit });

// ---- said ----

const all = [...lines, ...alone];
if (json) {
  for (const one of all) console.log(JSON.stringify(one));
} else {
  const cells = [['measure', 'weft', 'unit', 'peer', 'theirs', 'ratio'],
    ...all.map((one) => [one.measure, one.ours ?? '', one.unit, one.peer ?? '', one.theirs ?? '',
      one.ratio === undefined ? '' : `${one.ratio}×`].map(String))];
  const widths = cells[0].map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  for (const row of cells) console.log(row.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd());
  console.log(wrong.length === 0
    ? `sums of ${sums.length} cases: equal in all engines`
    : `SUMS DIFFER (${wrong.length})`);
}
mkdirSync(dirname(history), { recursive: true });
appendFileSync(history, JSON.stringify({ date: new Date().toISOString(), commit, command,
  people: Number(people), cores: cpus().length, memory_gb: Math.round(totalmem() / 2 ** 30),
  sums_equal: wrong.length === 0, measures: all }) + '\n');
if (wrong.length > 0) {
  for (const text of wrong.slice(0, 20)) console.error(text);
  process.exit(1);
}
