// DuckDB's part of bench/population: makes the rows that population_bench makes, in memory,
// puts the question, compares the sums, prints the table and adds a line to the history.
//
//   node population.mjs OURS PEOPLE SAMPLES BUILDINGS THREADS HISTORY COMMIT COMMAND [--json]
import { createRequire } from 'node:module';
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';

const require = createRequire(new URL('./.cache/', import.meta.url));
const { DuckDBInstance } = require('@duckdb/node-api');
const [oursPath, people, samples, buildings, threads, history, commit, command, json] = process.argv.slice(2);
const lines = readFileSync(oursPath, 'utf8').trim().split('\n').map((text) => JSON.parse(text));
const expected = lines.find((line) => line.sums).sums;
const ours = lines.filter((line) => line.measure);

const instance = await DuckDBInstance.create(':memory:', { threads });
const db = await instance.connect();
await db.run(`CREATE TABLE person AS
  SELECT i::INT AS person, (i * ${buildings} // ${people})::INT AS building FROM range(${people}) AS t(i)`);
await db.run(`CREATE TABLE sample AS
  SELECT ((x * x) % 2147483647 % ${people})::INT AS person
  FROM (SELECT (j * 48271) % 2147483647 AS x FROM range(1, ${samples} + 1) AS t(j))`);

const question = `SELECT p.building, count(*) AS present, count(s.person) AS sampled
  FROM person p LEFT JOIN (SELECT DISTINCT person FROM sample) s ON s.person = p.person
  GROUP BY p.building`;
const times = [];
for (let run = 0; run < 5; run++) {
  const began = performance.now();
  await db.run(`CREATE OR REPLACE TEMP TABLE answer AS ${question}`);
  times.push(performance.now() - began);
}
const theirs = times.sort((a, b) => a - b)[2];
const sums = Object.values((await db.runAndReadAll(`SELECT sum(present)::BIGINT, sum(sampled)::BIGINT,
  sum((present - sampled) * (building + 1))::BIGINT, sum(sampled * sampled)::BIGINT FROM answer`))
  .getRowObjects()[0]).map(Number);
const equal = sums.every((sum, i) => sum === expected[i]);

const measures = ours.map((line) =>
  ['population_from_rows', 'population_kept'].includes(line.measure)
    ? { ...line, peer: 'duckdb', theirs: Number(theirs.toPrecision(4)),
      ratio: Number((theirs / line.ours).toPrecision(3)) }
    : line);
if (json) {
  for (const one of measures) console.log(JSON.stringify(one));
} else {
  const cells = [['measure', 'weft', 'unit', 'peer', 'theirs', 'ratio'],
    ...measures.map((one) => [one.measure, one.ours, one.unit, one.peer ?? '', one.theirs ?? '',
      one.ratio === undefined ? '' : `${one.ratio}×`].map(String))];
  const widths = cells[0].map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  for (const row of cells) console.log(row.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd());
}
console.error(equal ? 'sums of all buildings: equal in both' : `SUMS DIFFER: ${sums} against ${expected}`);
mkdirSync(dirname(history), { recursive: true });
appendFileSync(history, JSON.stringify({ date: new Date().toISOString(), commit, command,
  people: Number(people), samples: Number(samples), cores: cpus().length,
  memory_gb: Math.round(totalmem() / 2 ** 30), sums_equal: equal, measures }) + '\n');
if (!equal) process.exit(1);
