// From made/ (Vite's) to dist/ (checked in): the files of the page, the licences of what
// is in them, and files.txt, which names each file with its SHA-256 and, as "(sources)",
// the sum of all they were made of (test/e2e/web.sh knows by it that dist is of these).
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const made = join(web, 'made'), dist = join(web, 'dist');
const sum = (content) => createHash('sha256').update(content).digest('hex');
const byName = (a, b) => (a < b ? -1 : 1);

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => relative(folder, join(one.parentPath, one.name)))
    .sort(byName);
}

// ---- licences ----

const permissive = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD'];

function licenceOf(name) {
  const folder = join(web, 'node_modules', name);
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (!permissive.includes(about.license)) throw new Error(`${name}: ${about.license} is not a licence we take`);
  const file = readdirSync(folder).find((one) => /^licen[cs]e(\.md|\.txt)?$/i.test(one));
  if (!file) throw new Error(`${name} has no text of its licence`);
  // What a package has from others comes along: its notice, and the licences of these.
  const more = [...readdirSync(folder).filter((one) => /^notice(\.md|\.txt)?$/i.test(one)),
    ...(existsSync(join(folder, 'licenses')) ? filesIn(join(folder, 'licenses')).map((one) => `licenses/${one}`) : [])];
  return `${name} ${about.version} (${about.license})\n\n${[file, ...more].map((one) => readFileSync(join(folder, one), 'utf8').trim()).join('\n\n')}\n`;
}

function licences() {
  const names = readFileSync(join(made, 'packages.txt'), 'utf8').trim().split('\n');
  return 'Packages that are part of the page of Weft, and their licences.\n\n' +
    names.map(licenceOf).join(`\n${'-'.repeat(72)}\n\n`);
}

// ---- sources ----

function sources() {
  const names = ['index.html', 'package-lock.json', 'package.json', 'tsconfig.json', 'vite.config.ts'];
  for (const folder of ['src', 'tools']) names.push(...filesIn(join(web, folder)).map((one) => `${folder}/${one}`));
  return sum(names.sort(byName).map((one) => `${sum(readFileSync(join(web, one)))}  ${one}\n`).join(''));
}

// ---- dist ----

const wanted = new Map(filesIn(made).filter((one) => one !== 'packages.txt')
  .map((one) => [one, readFileSync(join(made, one))]));
wanted.set('app/licenses.txt', Buffer.from(licences()));
if (!wanted.has('index.html')) throw new Error('nothing was made');

for (const old of existsSync(dist) ? filesIn(dist) : [])
  if (!wanted.has(old)) rmSync(join(dist, old));
for (const [name, content] of wanted) {
  mkdirSync(dirname(join(dist, name)), { recursive: true });
  writeFileSync(join(dist, name), content);
}
writeFileSync(join(dist, 'files.txt'),
  [...wanted].map(([name, content]) => [name, sum(content)]).sort((a, b) => byName(a[0], b[0]))
    .map(([name, digest]) => `${digest}  ${name}\n`).join('') + `${sources()}  (sources)\n`);
copyFileSync(join(dist, 'app/licenses.txt'), join(web, 'LICENSES.txt'));
rmSync(made, { recursive: true });
