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

// "(MIT OR Apache-2.0)": one of them is enough.
const isTaken = (licence) => String(licence).replace(/[()]/g, '').split(' OR ').some((one) => permissive.includes(one));

// The text of a licence: its own file, or what a README says under that title.
function licenceText(folder, name) {
  const files = readdirSync(folder), file = files.find((one) => /^licen[cs]e(\.md|\.txt)?$/i.test(one));
  if (file) return readFileSync(join(folder, file), 'utf8').trim();
  const readme = files.find((one) => /^readme\.md$/i.test(one));
  const found = readme && /^#+ *licen[cs]e[^\n]*\n([\s\S]*?)(?=\n#|$(?![\s\S]))/im.exec(readFileSync(join(folder, readme), 'utf8'));
  if (!found?.[1].includes('Copyright')) throw new Error(`${name} has no text of its licence`);
  return found[1].trim();
}

const aboutOf = (name) => JSON.parse(readFileSync(join(web, 'node_modules', name, 'package.json'), 'utf8'));

function licenceOf(name) {
  const folder = join(web, 'node_modules', name), about = aboutOf(name);
  if (!isTaken(about.license)) throw new Error(`${name}: ${about.license} is not a licence we take`);
  // What a package has from others comes along: its notice, and the licences of these.
  const more = [...readdirSync(folder).filter((one) => /^notice(\.md|\.txt)?$/i.test(one)),
    ...(existsSync(join(folder, 'licenses')) ? filesIn(join(folder, 'licenses')).map((one) => `licenses/${one}`) : [])];
  const texts = [licenceText(folder, name), ...more.map((one) => readFileSync(join(folder, one), 'utf8').trim())];
  return `${name} ${about.version} (${about.license})\n\n${texts.join('\n\n')}\n`;
}

// A package may come put together with those it depends on (maplibre-gl does): whatever it
// names is taken to be in it.
function withAllWithin(names) {
  const all = new Set();
  const add = (name) => {
    if (all.has(name) || name.startsWith('@types/')) return;
    all.add(name);
    Object.keys(aboutOf(name).dependencies ?? {}).forEach(add);
  };
  names.forEach(add);
  return [...all].sort(byName);
}

function licences() {
  const names = withAllWithin(readFileSync(join(made, 'packages.txt'), 'utf8').trim().split('\n'));
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
