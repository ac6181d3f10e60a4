// DuckDB's part of bench/trace: loads the city's CSV, writes the stays for the other
// peers, puts the questions of bench/peers/duckdb.sql.
//
//   node duckdb.mjs CSVDIR WORKDIR asked.csv batch.csv START_DATE THREADS
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync, appendFileSync, statSync, rmSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

const require = createRequire(new URL('./.cache/', import.meta.url));
const { DuckDBInstance } = require('@duckdb/node-api');
const [csvDir, work, askedPath, batchPath, start, threads] = process.argv.slice(2);
const sqlFile = readFileSync(new URL('./peers/duckdb.sql', import.meta.url), 'utf8');

const question = (name) => {
  const at = sqlFile.indexOf(`\n-- ${name}\n`);
  if (at < 0) throw new Error(`no question ${name}`);
  return sqlFile.slice(at).split(';')[0];
};
const line = (value) => appendFileSync(`${work}/peers.jsonl`, JSON.stringify(value) + '\n');

const database = `${work}/duckdb.db`;
for (const path of [database, `${database}.wal`]) rmSync(path, { force: true });
const instance = await DuckDBInstance.create(database, { threads });
const db = await instance.connect();
const timed = async (sql) => {
  const began = performance.now();
  await db.run(sql);
  return (performance.now() - began) / 1000;
};

// ---- load: what weft import does, from the same file to both orders ----

const columns = `{person: 'VARCHAR', place: 'VARCHAR', start: 'TIMESTAMP', "end": 'TIMESTAMP',
  seat: 'VARCHAR', guessed: 'VARCHAR'}`;
let load = await timed(`CREATE TABLE visits AS
  SELECT * FROM read_csv('${csvDir}/visits.csv', header = true, columns = ${columns})`);
load += await timed('CREATE TABLE loaded_by_place AS SELECT * FROM visits ORDER BY place, start');
load += await timed('CREATE TABLE loaded_by_person AS SELECT * FROM visits ORDER BY person, start');
await db.run('CHECKPOINT');
const rows = Number((await db.runAndReadAll('SELECT count(*) AS n FROM visits')).getRowObjects()[0].n);
line({ engine: 'duckdb', measure: 'load', value: rows / load, unit: 'visits/s' });
await db.run('DROP TABLE loaded_by_place; DROP TABLE loaded_by_person');

// ---- the stays as the questions want them: numbers, split at midnight ----

await db.run(`CREATE TABLE place AS SELECT place AS id, (row_number() OVER ())::INT AS place
  FROM read_csv('${csvDir}/places.csv', header = true, columns =
    {place: 'VARCHAR', name: 'VARCHAR', kind: 'VARCHAR', grid: 'VARCHAR', area_m2: 'INT', ventilation: 'VARCHAR'})`);
await db.run(`CREATE TABLE stay AS
  WITH numbered AS (
    SELECT substr(v.person, 3)::INT AS person, p.place,
           date_diff('minute', TIMESTAMP '${start}', v.start)::INT AS s,
           date_diff('minute', TIMESTAMP '${start}', v."end")::INT AS e
    FROM visits v JOIN place p ON p.id = v.place)
  SELECT person, place, day::INT AS day, greatest(s, day * 1440)::INT AS s,
         least(e, (day + 1) * 1440)::INT AS e
  FROM (SELECT *, unnest(range(s // 1440, (e + 1439) // 1440)) AS day FROM numbered)`);
await db.run('DROP TABLE visits');
await db.run('CREATE TABLE by_place AS SELECT * FROM stay ORDER BY place, s');
await db.run('CREATE TABLE by_person AS SELECT * FROM stay ORDER BY person, s');
await db.run('DROP TABLE stay');
await db.run(`CREATE TABLE crowded AS SELECT place, day FROM by_place GROUP BY place, day
  HAVING count(*) > 300`);
await db.run(`CREATE TABLE batch AS SELECT * FROM read_csv('${batchPath}', header = true)`);
// Source windows of the protocol nhc-covid-8: incubation 1 to 14 days, without onset up to
// the sample and 3 days of delay more.
const text = (columns) => `{${columns.split(' ').map((name) => `"${name}": 'VARCHAR'`).join(', ')}}`;
await db.run(`CREATE TABLE source_case AS
  SELECT substr(c."case", 3)::INT AS number, substr(c.person, 3)::INT AS person, p.household,
         CASE WHEN c.onset IS NOT NULL THEN day_onset - 14 * 1440 ELSE day_sampled - 17 * 1440 END AS since,
         CASE WHEN c.onset IS NOT NULL THEN day_onset ELSE sampled_at END AS until
  FROM (SELECT *, date_diff('minute', TIMESTAMP '${start}', date_trunc('day', onset::TIMESTAMP))::INT AS day_onset,
               date_diff('minute', TIMESTAMP '${start}', date_trunc('day', sampled::TIMESTAMP))::INT AS day_sampled,
               date_diff('minute', TIMESTAMP '${start}', sampled::TIMESTAMP)::INT AS sampled_at
        FROM read_csv('${csvDir}/cases.csv', header = true, columns =
          ${text('case person reported onset onset_kind sampled symptomatic isolated classification')})) c
  JOIN read_csv('${csvDir}/persons.csv', header = true, columns =
    ${text('person name sex birth grid household phone occupation')}) p ON p.person = c.person`);
await db.run('CHECKPOINT');
await db.run(`COPY (SELECT person, place, s, e FROM by_person) TO '${work}/stays.csv' (HEADER false)`);
await db.run(`COPY crowded TO '${work}/crowded.csv' (HEADER false)`);
line({ engine: 'duckdb', measure: 'disk_per_visit', value: statSync(database).size / rows, unit: 'B' });

// ---- questions ----

const asked = readFileSync(askedPath, 'utf8').trim().split('\n').slice(1)
  .map((text) => text.split(',').map(Number));
const out = ['measure,number,people,minutes,first_ms,ms'];
for (const name of ['first_ring_all', 'second_ring_crowd300']) {
  const statement = await db.prepare(question(name));
  for (const [number, ...values] of asked) {
    const times = [];
    let answer;
    for (let run = 0; run < 4; run++) {
      values.forEach((value, i) => statement.bindInteger(i + 1, value));
      const began = performance.now();
      answer = (await statement.runAndReadAll()).getRowObjects()[0];
      times.push(performance.now() - began);
    }
    const warm = times.slice(1).sort((a, b) => a - b);
    out.push([name, number, answer.people, answer.minutes, times[0], warm[1]].join(','));
  }
}
writeFileSync(`${work}/duckdb.csv`, out.join('\n') + '\n');

// The best of a few runs, in seconds, with the answer.
const best = async (name, runs, ...values) => {
  const sql = question(name);
  const used = [1, 2, 3].filter((i) => sql.includes(`$${i}`));
  // Parameters that a question does not use may not be numbered over.
  const statement = await db.prepare(used.reduce((text, from, i) => text.replaceAll(`$${from}`, `$${i + 1}`), sql));
  let seconds = Infinity;
  let answer;
  for (let run = 0; run < runs; run++) {
    used.forEach((from, i) => statement.bindInteger(i + 1, values[from - 1]));
    const began = performance.now();
    answer = (await statement.runAndReadAll()).getRowObjects()[0];
    seconds = Math.min(seconds, (performance.now() - began) / 1000);
  }
  return { seconds, people: Number(answer.people), minutes: Number(answer.minutes) };
};
const batch = await best('batch_100k_crowd300', 2, ...asked[0].slice(1));
line({ engine: 'duckdb', measure: 'batch_100k_crowd300', value: batch.seconds, unit: 's',
  people: batch.people, minutes: batch.minutes });
const source = await best('source_50', 5);
line({ engine: 'duckdb', measure: 'source_50', value: source.seconds * 1000, unit: 'ms' });
line({ engine: 'duckdb', measure: 'memory', value: process.resourceUsage().maxRSS / 1024, unit: 'MB' });
