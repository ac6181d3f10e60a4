// The frame: the bar above every page, the page, the line below it; and the keys.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import icon from './look/icon.svg';
import { health, lapsed, listening, logOut, may, mayRows, reached, ready, renamed, session } from './base/city';
import { unsaved } from './base/csv';
import { addressOf, path } from './base/route';
import { theme, turnTheme } from './base/theme';
import { timeText } from './base/times';
import { language, say, speak, word } from './base/words';
import { forgetDrafts } from './base/book';
import { forgetChosen } from './base/chosen';
import { placeName, readNames } from './net/names';
import { Finder } from './parts/finder';
import { later } from './parts/later';
import { Nav } from './parts/nav';
import { forgetLook } from './parts/look';
import { Refused, Title } from './parts/shown';
import { Untaken } from './parts/tell';
import { CasePage } from './pages/case';
import { HolesPage } from './pages/holes';
import { Overview } from './pages/overview';
import { LogIn } from './pages/login';
import { MePage } from './pages/me';
import { TasksPage } from './pages/tasks';
import { Views } from './pages/views';
import { Wall } from './pages/wall';
import type { Name } from './texts/zh';

interface Page { name: string; title: Name; may: () => boolean; show: () => ComponentChildren; unlisted?: boolean }

const Api = later(() => import('./pages/api').then((one) => one.Api));
const LookUps = later(() => import('./pages/lookups').then((one) => one.LookUps));
const PersonPage = later(() => import('./pages/person').then((one) => one.PersonPage));
const PlacePage = later(() => import('./pages/place').then((one) => one.PlacePage));
const AdminPage = later(() => import('./pages/admin').then((one) => one.AdminPage));
const ImportPage = later(() => import('./pages/import').then((one) => one.ImportPage));
const LetterPage = later(() => import('./pages/letter').then((one) => one.LetterPage));
const ListPage = later(() => import('./pages/list').then((one) => one.ListPage));
const OutbreakPage = later(() => import('./pages/outbreak').then((one) => one.OutbreakPage));
const RosterPage = later(() => import('./pages/roster').then((one) => one.RosterPage));

// In the order of the bar; before the log-in there are those that ask for nothing closed.
// To those that are not listed there links lead, and the finder.
const pages: Page[] = [
  { name: '', title: 'nav.overview', may: () => true, show: () => <Overview /> },
  { name: 'wall', title: 'nav.wall', may: () => may('counts'), show: () => <Wall /> },
  { name: 'holes', title: 'nav.holes', may: () => mayRows('holes'), show: () => <HolesPage /> },
  { name: 'tasks', title: 'nav.tasks', may: () => may('read_view'), show: () => <TasksPage /> },
  { name: 'roster', title: 'nav.roster', may: () => may('read_view') && session.value?.role !== 'operator', show: () => <RosterPage /> },
  { name: 'views', title: 'nav.views', may: () => may('read_view'), show: () => <Views /> },
  { name: 'list', title: 'nav.list', may: () => may('read_view'), show: () => <ListPage /> },
  { name: 'import', title: 'nav.import', may: () => may('import'), show: () => <ImportPage /> },
  { name: 'lookups', title: 'nav.lookups', may: () => may('contacts'), show: () => <LookUps /> },
  { name: 'outbreak', title: 'nav.outbreak', may: () => may('clock'), show: () => <OutbreakPage /> },
  { name: 'case', title: 'nav.case', may: () => mayRows('contacts'), show: () => <CasePage /> },
  { name: 'person', title: 'nav.person', may: () => mayRows('read_personal_view'), show: () => <PersonPage />, unlisted: true },
  { name: 'letter', title: 'nav.letter', may: () => may('contacts'), show: () => <LetterPage />, unlisted: true },
  { name: 'place', title: 'nav.place', may: () => may('read_view'), show: () => <PlacePage />, unlisted: true },
  { name: 'admin', title: 'nav.admin', may: () => session.value !== null && session.value.role !== 'resident', show: () => <AdminPage /> },
  { name: 'me', title: 'nav.me', may: () => session.value !== null, show: () => <MePage /> },
  { name: 'api', title: 'nav.api', may: () => true, show: () => <Api /> },
];

const pageOf = () => pages.find((one) => one.name === path.value.split('/')[0]) ?? pages[0]!;

function Bar({ find }: { find: () => void }) {
  const now = health.value, who = session.value;
  return (
    <header class="bar">
      <a class="name" href={addressOf('')}><img src={icon} width={28} height={28} alt="" />{say('title')}</a>
      {now?.kind === 'drill' && <span class="drill"><span>{say('drill')}</span></span>}
      <Nav current={pageOf().name} links={pages.filter((one) => one.may() && !one.unlisted).map((one) => ({ name: one.name, title: say(one.title) }))} />
      <div class="rest">
        {/* A sheet hangs for days: it has the day, whose it is, and nothing that goes on. */}
        {now && <span class="second on-paper">
          {now.as_of.at ? say('as_of', { at: timeText(now.as_of.at) }) : say('as_of.none')}
          {who && ` · ${say('printed_by', { name: who.name })}`}
        </span>}
        {now && <span class="second when on-screen">
          {now.as_of.at ? say('as_of', { at: timeText(now.as_of.at, now.now) }) : say('as_of.none')}
          {who && may('events') && ` · ${say(listening.value && reached.value ? 'live' : 'not_live')}`}
        </span>}
        {who && <span class="second on-screen"><span class="strong">{who.name}</span><span class="whose"> {word('role', who.role)}{who.role === 'resident' ? '' : ` · ${who.grid ? placeName(who.grid) : say('city.all')}`}</span></span>}
        {who && <button type="button" onClick={find} aria-keyshortcuts="Control+K" title="Ctrl K">{say('finder')} <kbd>Ctrl K</kbd></button>}
        <button type="button" onClick={turnTheme}>{say(theme.value === 'dark' ? 'theme.light' : 'theme.dark')}</button>
        <button type="button" lang={language.value === 'en' ? 'zh-CN' : 'en'}
          onClick={() => speak(language.value === 'en' ? 'zh' : 'en')}>{say('other_language')}</button>
        {who && <button type="button" onClick={() => { forgetLook(); forgetChosen(); forgetDrafts(); void logOut(); }}>{say('log_out')}</button>}
      </div>
    </header>
  );
}

// ---- keys ----

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.matches('input, select, textarea') || target.isContentEditable);

function moveRow(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('tr[data-row]')];
  const at = rows.findIndex((one) => one === document.activeElement);
  rows[Math.max(0, Math.min(rows.length - 1, at + by))]?.focus();
}

function pressed(event: KeyboardEvent, help: () => void, find: () => void): void {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k' && session.value) {
    event.preventDefault();
    find();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const there = pages.filter((one) => one.may() && !one.unlisted);
  const page = /^[1-9]$/.test(event.key) ? there[Number(event.key) - 1] : undefined;
  if (page) location.hash = addressOf(page.name);
  else if (event.key === '/') document.querySelector<HTMLElement>('[data-filter]')?.focus();
  else if (event.key === 'j' || event.key === 'k') moveRow(event.key === 'j' ? 1 : -1);
  else if (event.key === '?') help();
  else return;
  event.preventDefault();
}

function Keys() {
  const keys: [string, Name][] = [['1–9', 'keys.pages'], ['Ctrl K', 'keys.find'], ['/', 'keys.filter'], ['J K', 'keys.rows'], ['?', 'keys.help']];
  return (
    <section class="look" aria-label={say('keys')}>
      <dl class="keys">{keys.map(([key, name]) => [<dt key={key}><kbd>{key}</kbd></dt>, <dd key={name}>{say(name)}</dd>])}</dl>
    </section>
  );
}

// What areas are called: read when somebody is there, and when one was given a name. Apart,
// so that the frame is not drawn anew.
function Names(): null {
  const who = session.value?.name, given = renamed.value;
  useEffect(() => { if (who && may('read_view')) void readNames(); }, [who, given]);
  return null;
}

// What an address leads to that is not for who is there: said, and whom it is for.
function NotYours({ page }: { page: Page }) {
  return (
    <section>
      <Title level={1} text={say(page.title)} />
      <p>{say('not_yours', { role: word('role', session.value?.role ?? '') })}</p>
      <p class="note">{say('not_yours.hint')}</p>
    </section>
  );
}

export function Shell() {
  const help = useSignal(false), finding = useSignal(false);
  useEffect(() => {
    const listener = (event: KeyboardEvent) => pressed(event, () => { help.value = !help.value; }, () => { finding.value = true; });
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
  const page = pageOf(), title = say(page.title), whole = say('title');
  useEffect(() => { document.title = `${title} · ${whole}`; }, [title, whole]);
  useEffect(() => { unsaved.value = null; }, [page]);
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById('main')?.focus(); }}>{say('skip')}</a>
      <Bar find={() => { finding.value = true; }} />
      {finding.value && session.value && !lapsed.value && <Finder close={() => { finding.value = false; }}
        pages={pages.filter((one) => one.may()).map((one) => ({ name: one.name, title: say(one.title) }))} />}
      <main id="main" tabIndex={-1} class={lapsed.value ? 'away' : ''}>
        {help.value && <Keys />}
        {!reached.value && health.value &&
          <p class="wrong" role="alert">{say('unreachable', { at: health.value.now.replace('T', ' ').slice(0, 19) })}</p>}
        <Refused refusal={unsaved.value} />
        {lapsed.value && <LogIn />}
        {session.value && <Untaken />}
        <Names />
        {page.may() ? page.show() : ready.value && (session.value ? <NotYours page={page} /> : <LogIn />)}
      </main>
      <footer class="foot">
        <span>{say('title')} {health.value?.version}</span>
        <button type="button" onClick={() => { help.value = !help.value; }}>{say('keys')} ?</button>
        <a href="/app/licenses.txt">{say('licences')}</a>
      </footer>
    </>
  );
}
