// A list out of a file: what it would become, what is asked, what was refused and mended.
const lists = (mark) => `姓名,人员编号,性别,出生日期,住处\n甲,I-${mark}-1,女,03/04/1980,a\n乙,I-${mark}-2,男,25/12/1975,b\n丙,I-${mark}-3,男,never,c\n`;

// The page of an import, for rows that are each such a thing.
async function openImport(at, kind, user = 'lin') {
  await at.page.goto(`${at.city.origin}/`);
  await at.page.waitForSelector('main h1');
  await at.logIn(user);
  await at.page.goto(`${at.city.origin}/#/import`);
  await at.page.waitForSelector('input[type=file]');
  await at.page.locator('form.filters select').first().selectOption(kind);
}

export const importSteps = [
  {
    // A notice that may tell who the case is waits until whoever publishes it has seen that.
    name: 'warned',
    async run(at) {
      await at.page.goto(`${at.city.origin}/`);
      await at.page.waitForSelector('main h1');
      await at.logIn('lin');
      await at.page.goto(`${at.city.origin}/#/place?place=MK-0000000`);
      const open = at.page.getByRole('button', { name: /发布公告|Publish a notice/ }), advice = `a-${at.look.name}`;
      await open.click();
      // A time at which nobody is known there.
      await at.page.locator('form.tell input[type=datetime-local]').first().fill('2021-11-01T08:00');
      await at.page.locator('form.tell input[type=datetime-local]').last().fill('2021-11-01T09:00');
      await at.page.locator('form.tell .wide input').fill(advice);
      await at.page.locator('form.tell button[type=submit]').click();
      await at.page.waitForSelector('[data-warned]');
      at.hold(!(await at.page.locator('.person').innerText()).includes(advice), 'a notice was published before its warning was seen');
      await at.see();
      await at.page.getByRole('button', { name: /仍然记录|all the same/ }).click();
      await at.page.waitForFunction(() => !document.querySelector('[data-warned]'));
      await at.page.waitForFunction((one) => document.querySelector('.person').textContent.includes(one), advice);
    },
  },
  {
    name: 'import',
    city: 'outbreak',
    async run(at) {
      await openImport(at, 'persons');
      const choose = (name, text) => at.page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
      const asked = [];
      at.page.on('request', (one) => asked.push(one.url()));
      await choose('秘密-secret.csv', lists(at.look.name));
      // Titles that are ours are taken, in either language; days are asked for.
      await at.page.waitForSelector('.asks');
      at.hold(await at.page.locator('.asks input:checked').count() === 0, 'the order of dates is guessed');
      at.hold(await at.page.locator('.pager button.first').isDisabled(), 'dates are imported that nobody has said how to read');
      await at.see();
      // The same under a title and a date: its header is found, said, and can be another.
      await choose('titled.csv', `某地人员名单,,,,\n单位：虚构,2021-12-11,,,\n${lists(at.look.name)}`);
      await at.page.waitForFunction(() => document.querySelector('[data-header]')?.value === '3');
      at.hold(/姓名|name/i.test(await at.page.locator('.heads').innerText()), 'the columns below a title are not shown');
      await at.see('import-header');
      await at.page.locator('[data-header]').selectOption('2');
      await at.page.waitForFunction(() => /虚构/.test(document.querySelector('.heads')?.textContent ?? ''));
      await at.page.locator('[data-header]').selectOption('3');
      await at.page.waitForSelector('.asks');
      await choose('秘密-secret.csv', lists(at.look.name));
      await at.page.waitForFunction(() => document.querySelector('[data-header]')?.value === '1' && document.querySelector('.asks'));
      await at.page.locator('.asks input').first().click();
      await at.page.waitForFunction(() => /1980-04-03/.test(document.querySelector('main').textContent));
      const rows = await at.page.locator('main table tbody').innerText();
      at.hold(/never|出生日期|birth/.test(rows), 'a refused row has no reason');
      await at.see('import-preview');
      await at.page.locator('.pager input').fill(`ours-${at.look.name}`);
      await at.page.locator('.pager button.first').click();
      await at.page.waitForSelector('[data-done]');
      const said = await at.page.locator('[data-done]').innerText();
      at.hold(/2/.test(said) && /1/.test(said), `what came of it is ${said}`);
      await at.see('import-done');
      const [book] = await Promise.all([at.page.waitForEvent('download'), at.page.locator('.import .pager button.first').click()]);
      at.hold(book.suggestedFilename() === 'refused.xlsx', `the refused rows come as ${book.suggestedFilename()}`);
      const path = await book.path();
      // Mended as it is, it comes in again: the same reason, and the columns of reasons left out.
      await at.page.locator('.import .pager button').last().click();
      await at.page.locator('input[type=file]').setInputFiles({ name: 'refused.xlsx', mimeType: 'application/octet-stream', buffer: (await import('node:fs')).readFileSync(path) });
      await at.page.waitForSelector('.heads');
      at.hold(/weft:/.test(await at.page.locator('.heads').innerText()), 'the reasons are not beside the rows');
      at.hold(!asked.some((one) => /secret|%E7%A7%98|%E5%A7%93|never/.test(one)), `an address says what is in the file: ${asked.filter((one) => one.includes('/v1/imports'))}`);
      // Dates that do not fit each other are said before and after, and imported.
      await choose('dates.csv', `case,person,reported,onset,classification\nC-${at.look.name}-w,I-${at.look.name}-1,2021-12-11,2021-10-12,not_a_case\n`);
      await at.page.waitForFunction(() => /dates\.csv/.test(document.querySelector('.file')?.textContent ?? '') && document.querySelector('.heads'));
      await at.page.locator('form.filters select').first().selectOption('cases');
      await at.page.waitForFunction(() => /2021-12-10/.test(document.querySelector('main table tbody')?.textContent ?? ''));
      at.hold(!/instead_of/.test(await at.page.innerText('main')) && /在文件里改|in the file/.test(await at.page.innerText('main table tbody')), `what to do about a swapped day: ${await at.page.innerText('main table tbody')}`);
      await at.see('import-warned');
      // More was refused in a day than is kept: that is said, and no file is offered.
      await at.page.route(/\/v1\/imports\?/, async (route) => {
        const response = await route.fetch(), why = { line: 2, code: 'import.date', field: 'onset', reason: 'x', detail: '', hint: '' };
        await route.fulfill({ response, json: { ...await response.json(), refused: 95000, not_kept: 95000, refused_file: '', refusals: [why] } });
      });
      await at.page.locator('.pager button.first').click();
      await at.page.waitForSelector('[data-not-kept]');
      at.hold(/95.?000/.test(await at.page.locator('[data-not-kept]').innerText()), 'how many rows are not kept is not said');
      at.hold(await at.page.getByRole('button', { name: /xlsx/ }).count() === 0, 'a file is offered that is not there');
      await at.see('import-not-kept');
      await at.page.unroute(/\/v1\/imports\?/);
      await at.page.locator('.import .pager button').last().click();
      await at.page.waitForSelector('input[type=file]');
      // What is no table says what to do.
      at.expected.refusals = 1;
      await at.page.locator('input[type=file]').setInputFiles({ name: 'list.xls', mimeType: 'text/csv', buffer: Buffer.from([0xD0, 0xCF, 0x11, 0xE0, 1, 2, 3, 4]) });
      await at.page.waitForFunction(() => /xlsx/.test(document.querySelector('.wrong')?.textContent ?? ''));
    },
  },
  {
    // A list of contacts: another office's titles, a level that is no word of ours, a case that
    // nobody knows; what is imported stands in the case's list.
    name: 'import-contacts',
    city: 'outbreak',
    async run(at) {
      await openImport(at, 'contacts');
      const persons = { zh: 1, 'en-dark': 2, 'zh-phone': 3, 'en-phone': 4 }[at.look.name] * 3;
      const id = (more) => `P-${String(persons + more).padStart(7, '0')}`;
      const text = `病例,谁,密接类别,最早接触,备注\nC-2,${id(0)},close,2021-12-10 09:00,甲\nC-2,${id(1)},亲密,2021-12-10 09:00,乙\nC-没有,${id(2)},secondary,2021-08-12 09:00,丙\n`;
      await at.page.locator('input[type=file]').setInputFiles({ name: 'contacts.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
      await at.page.waitForSelector('.heads select');
      await at.see('import-contacts-columns');
      // Each column by hand: what it is called elsewhere is not guessed.
      for (const [column, field] of [[0, 'case'], [1, 'person'], [2, 'level'], [3, 'exposed_from']]) {
        await at.page.locator('.heads select').nth(column).selectOption(field);
        await at.page.waitForFunction(([nth, wanted]) => document.querySelectorAll('.heads select')[nth]?.value === wanted, [column, field]);
      }
      await at.page.waitForSelector('[data-preview]');
      await at.page.waitForFunction(() => document.querySelectorAll('main tbody tr[data-row]').length === 3);
      const rows = await at.page.locator('main tbody tr[data-row]').allInnerTexts();
      at.hold(/密接|close/.test(rows[0]) && /亲密/.test(rows[1]), `the rows are shown as they would become: ${rows}`);
      // All that looks wrong of a row is said, and no id and no time stands in two lines.
      at.hold(await at.page.locator('main tbody tr[data-row]').nth(2).locator('.doubt').count() === 2, `a doubt hides another: ${rows[2]}`);
      const broken = await at.page.evaluate(() => [...document.querySelectorAll('main tbody .whole')].filter((one) => one.getClientRects().length > 1).map((one) => one.textContent));
      at.hold(broken.length === 0, `these break: ${broken}`);
      await at.see('import-contacts-preview');
      await at.page.locator('.pager button.first').click();
      await at.page.waitForSelector('[data-done]');
      const said = await at.page.locator('[data-done]').innerText(), refused = await at.page.locator('main tbody tr[data-row]').allInnerTexts();
      at.hold(/1/.test(said) && refused.length >= 1 && refused.every((one) => one.length > 12), `what came of it: ${said}; ${refused}`);
      await at.see('import-contacts-done');
      const [book] = await Promise.all([at.page.waitForEvent('download'), at.page.locator('.import .pager button.first').click()]);
      at.hold(book.suggestedFilename() === 'refused.xlsx', 'the refused rows do not come as a book');
      // The one that was good is a contact of the case now.
      await at.page.waitForFunction(async (one) => (await (await fetch('/v1/views/tracing/contacts?limit=2000', { headers: { 'Weft-Purpose': 'ref=case:C-2; purpose=trace-contacts' } })).json()).rows.some((row) => row.person === one && row.level === 'close'), id(0));
    },
  },
  {
    // Whoever works in a laboratory: each page that they are offered, and each that leads
    // from it, is there for them; nothing is asked that is refused (browser.mjs fails on it).
    name: 'lab-pages',
    city: 'outbreak',
    async run(at) {
      await at.page.goto(`${at.city.origin}/`);
      await at.page.waitForSelector('main h1');
      await at.logIn('jian');
      const links = await at.page.locator('nav .links a').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
      at.hold(links.includes('#/import') && !links.includes('#/lookups') && !links.includes('#/case'), `pages of a laboratory: ${links}`);
      for (const link of links) {
        await at.page.goto(`${at.city.origin}/${link}`);
        await at.page.waitForSelector('main h1');
        await at.page.waitForLoadState('networkidle').catch(() => undefined);
        await at.see(`lab-page-${link.replace(/\W+/g, '') || 'overview'}`);
        const dead = await at.page.locator('main a[href^="#/"]').evaluateAll((all) => [...new Set(all.map((one) => one.getAttribute('href')))]);
        for (const one of dead.filter((href) => !links.includes(href)).slice(0, 6)) {
          await at.page.goto(`${at.city.origin}/${one}`);
          await at.page.waitForSelector('main h1, main [role=alert], main form');
          const text = await at.page.locator('main').innerText();
          at.hold(!/不是给|is not for|没有这/.test(text), `${link} leads a laboratory to ${one}: ${text.slice(0, 80)}`);
        }
      }
    },
  },
  {
    // A laboratory's own list, as its program writes it: whose samples they are stays out.
    name: 'lab-import',
    city: 'outbreak',
    async run(at) {
      await openImport(at, 'tubes', 'jian');
      const kinds = await at.page.locator('form.filters select').first().locator('option').evaluateAll((all) => all.map((one) => one.value));
      at.hold(`${kinds}` === 'tubes', `a laboratory is offered other lists: ${kinds}`);
      const [blank] = await Promise.all([at.page.waitForEvent('download'), at.page.locator('[data-template=xlsx]').click()]);
      at.hold(blank.suggestedFilename() === 'tubes.xlsx', 'the template does not come as a book');
      await at.see('lab-import-template');
      const own = { zh: [3, 6, 9], 'en-dark': [12, 15, 18], 'zh-phone': [21, 24, 27], 'en-phone': [30, 33, 36] }[at.look.name].map((one) => `T-${String(one).padStart(4, '0')}`);
      const text = `姓名,采样管编号,结果,出结果时间,Ct 值,备注\n甲,${own[0]},阴性,2021-12-11 16:10,-,\n乙,${own[1]},阳性,2021-12-11 16:10,24.5,复核\n丙,${own[2]},阴性,2021-12-11 16:10,,\n丁,${own[2]},阳性,2021-12-11 16:10,31,\n戊,N-${at.look.name},阴性,2021-12-11 16:12,,\n`;
      const put = () => at.page.locator('input[type=file]').setInputFiles({ name: '当日结果.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
      await put();
      await at.page.waitForSelector('[data-preview]');
      const chosen = await at.page.locator('.heads select').evaluateAll((all) => all.map((one) => one.value));
      at.hold(`${chosen}` === ',tube,result,resulted,ct,', `columns that are called as ours are not taken: ${chosen}`);
      const rows = await at.page.locator('main tbody tr[data-row]').allInnerTexts();
      at.hold(rows.length === 5 && [2, 3].every((one) => /两种结果|two results/.test(rows[one])) && !/两种结果|two results/.test(rows[0]), `rows that contradict each other: ${rows}`);
      at.hold(rows[0].includes('2021-12-11 16:10'), `a time of the preview lacks its year: ${rows[0]}`);
      at.hold(!/甲|乙|negative,|T16:/.test(`${rows}`), `a name is read, or a code stands for a word: ${rows}`);
      await at.see('lab-import-preview');
      await at.page.locator('.pager button.first').click();
      await at.page.waitForSelector('[data-done]');
      const said = await at.page.locator('[data-done]').innerText();
      at.hold(/3/.test(said) && /2/.test(said), `what came of it: ${said}`);
      const asked = await at.page.locator('main').innerText();
      at.hold(/还没有人报送|nobody has told/.test(asked), 'a tube that nobody filled is not asked about');
      await at.see('lab-import-done');
      // The same once more: nothing is doubled.
      await at.page.getByRole('button', { name: /再导入一份|nother/ }).click();
      await put();
      await at.page.waitForSelector('[data-preview]');
      await at.page.locator('.pager button.first').click();
      await at.page.waitForSelector('[data-done]');
      const again = await at.page.locator('[data-done]').innerText();
      at.hold(/0.*3.*2/.test(again.replace(/\s/g, '')), `the same list again: ${again}`);
    },
  },
  {
    // A list of follow-ups: titles that are ours are taken, an outcome that is no word of
    // ours is refused, and whoever was spoken to is reached.
    name: 'import-followups',
    city: 'outbreak',
    async run(at) {
      await openImport(at, 'followups');
      const kinds = await at.page.locator('form.filters select').first().locator('option').evaluateAll((all) => all.map((one) => one.value));
      // What only a laboratory may say is not offered to whoever leads the tracing.
      at.hold(kinds.includes('followups') && !kinds.includes('tubes'), `lists are offered that are refused, or not offered: ${kinds}`);
      const persons = 259 + { zh: 0, 'en-dark': 3, 'zh-phone': 6, 'en-phone': 9 }[at.look.name], id = (more) => `P-${String(persons + more).padStart(7, '0')}`;
      const text = `谁,联系时间,联系结果,联系方式,备注\n${id(0)},2021-12-11 16:10,reached,phone,甲\n${id(1)},2021-12-11 16:15,没人接,phone,乙\n${id(2)},2021-12-11 16:20,no_answer,,丙\n`;
      await at.page.locator('input[type=file]').setInputFiles({ name: 'followups.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
      await at.page.waitForFunction(() => document.querySelectorAll('.heads select')[2]?.value === 'outcome');
      const chosen = await at.page.locator('.heads select').evaluateAll((all) => all.map((one) => one.value));
      at.hold(`${chosen}` === ',at,outcome,how,', `columns that are called as ours are not taken: ${chosen}`);
      await at.see('import-followups-columns');
      await at.page.locator('.heads select').first().selectOption('person');
      await at.page.waitForSelector('[data-preview]');
      const rows = await at.page.locator('main tbody tr[data-row]').allInnerTexts();
      // What can stand there is said as the file has to write it; the page names no command.
      at.hold(!/\b(\w+) \(\1\)/i.test(rows[1]), `a word is explained by itself: ${rows[1]}`);
      at.hold(/no_answer/.test(rows[1]) && !/weft help/.test(`${rows}`), `a word that is not known is refused without those that are: ${rows[1]}`);
      at.hold(rows.length === 3 && /没人接/.test(rows[1]) && rows[1].length > rows[0].length, `the rows are shown as they would become: ${rows}`);
      at.hold(!/\breached\b|no_answer|\bphone\b|T16:/.test(`${rows[0]} ${rows[2]}`) || at.look.language === 'en' && !/no_answer|T16:/.test(`${rows[0]} ${rows[2]}`), `codes stand for words: ${rows}`);
      await at.see('import-followups-preview');
      await at.page.locator('.pager button.first').click();
      await at.page.waitForSelector('[data-done]');
      const said = await at.page.locator('[data-done]').innerText();
      at.hold(/2/.test(said) && /1/.test(said), `what came of it: ${said}`);
      await at.see('import-followups-done');
      const [book] = await Promise.all([at.page.waitForEvent('download'), at.page.locator('.import .pager button.first').click()]);
      at.hold(book.suggestedFilename() === 'refused.xlsx', 'the refused rows do not come as a book');
      await at.page.waitForFunction(async (ids) => {
        const { rows: seen } = await (await fetch('/v1/views/tracing/followups?limit=5000', { headers: { 'Weft-Purpose': 'ref=case:C-1; purpose=trace-contacts' } })).json();
        return seen.some((row) => row.person === ids[0] && row.reached) && seen.some((row) => row.person === ids[1] && !row.reached);
      }, [id(0), id(2)]);
    },
  },
  {
    // Cases out of SORMAS, and contacts that name them by another number of theirs; a number of
    // two cases is said, and refused. Ctrl-K finds the case by it.
    name: 'import-numbers',
    city: 'outbreak',
    async run(at) {
      await openImport(at, 'cases');
      const mark = at.look.name, persons = 271 + { zh: 0, 'en-dark': 3, 'zh-phone': 6, 'en-phone': 9 }[mark] * 2;
      const id = (more) => `P-${String(persons + more).padStart(7, '0')}`;
      const choose = async (name, text, profile) => {
        await at.page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
        await at.page.waitForFunction((one) => [...document.querySelectorAll('form.filters option')].some((two) => two.value === one), profile);
        await at.page.locator('form.filters select').last().selectOption(profile);
        await at.page.waitForSelector('[data-preview]');
      };
      const isDone = async () => {
        await at.page.locator('.pager button.first').click();
        await at.page.waitForSelector('[data-done]');
      };
      const titles = 'uuid;epidNumber;externalID;person.uuid;person.deathDate;reportDate;caseClassification;symptoms.onsetDate;symptoms.symptomatic\n';
      const row = (which, epid, person) => `U-${mark}-${which};${epid};;${person};;2021-12-11 15:00;CONFIRMED;2021-12-09;YES\n`;
      await choose('cases.csv', titles + row(1, `EPID-${mark}-1`, id(0)) + row(2, `EPID-${mark}-2`, id(1)) + row(3, `EPID-${mark}-2`, id(2)), 'sormas-detailed');
      await at.page.waitForFunction(() => document.querySelectorAll('main tbody tr[data-row]').length === 3);
      const cases = await at.page.locator('main tbody tr[data-row]').allInnerTexts();
      at.hold(/EPID/.test(cases[0]) && !/另一病例|another case/.test(cases[0]) && /另一病例|another case/.test(cases[2]), `a number of two cases is not said: ${cases}`);
      await at.see('import-numbers-cases');
      await isDone();
      // A line list that knows a case by its other number: said of all rows, and joined by a tick.
      await at.page.locator('.import .pager button').last().click();
      await at.page.waitForSelector('input[type=file]');
      await choose('listing.csv', `epidNumber,reportDate,symptoms.onsetDate\nEPID-${mark}-1,2021-12-11 15:00,2021-12-09\n`, 'sormas');
      await at.page.waitForSelector('[data-join]');
      at.hold(!(await at.page.locator('[data-join] input').isChecked()), 'cases are joined that nobody said are one');
      at.hold(/第二个病例|second case/.test(await at.page.locator('main tbody tr[data-row]').first().innerText()), 'a second case is not said in its row');
      await at.see('import-numbers-second');
      await at.page.locator('[data-join] input').check();
      await at.page.waitForFunction(() => !/第二个病例|second case/.test(document.querySelector('main')?.textContent ?? ''));
      await at.see('import-numbers-joined');
      await isDone();
      await at.page.locator('.import .pager button').last().click();
      await at.page.waitForSelector('input[type=file]');
      await at.page.locator('form.filters select').first().selectOption('contacts');
      const contact = (of, person) => `EPID-${mark}-${of},CONFIRMED,2021-12-09,2021-12-10,SAME_ROOM,${person},2021-12-11 15:30\n`;
      await choose('contacts.csv', `sourceCaseUuid,contactClassification,firstContactDate,lastContactDate,contactProximity,person.uuid,reportDateTime\n${contact(1, id(3))}${contact(2, id(4))}${contact(3, id(5))}`, 'sormas');
      await at.page.waitForFunction(() => document.querySelectorAll('main tbody tr[data-row]').length === 3);
      const contacts = await at.page.locator('main tbody tr[data-row]').allInnerTexts();
      at.hold(!/病例都用|没有这个编号|several cases|no case/.test(contacts[0]) && /病例都用|several cases/.test(contacts[1]) && !/^\\d+\\s+(可导入|yes)/.test(contacts[1]) && /没有这个编号|no case/.test(contacts[2]), `whom a number means is not said: ${contacts}`);
      await at.see('import-numbers-contacts');
      await isDone();
      at.hold(/病例都用|several cases/.test(await at.page.locator('main').innerText()), 'a number of two cases is not refused');
      await at.see('import-numbers-done');
      await at.page.waitForFunction(async ([of, one]) => (await (await fetch('/v1/views/tracing/contacts?limit=2000', { headers: { 'Weft-Purpose': 'ref=case:C-2; purpose=trace-contacts' } })).json()).rows.some((row) => row.person === one && row.case_id === of), [`U-${mark}-1`, id(3)]);
      await at.page.keyboard.press('Control+k');
      await at.page.fill('[role=combobox]', `EPID-${mark}-2`);
      await at.page.waitForFunction((one) => document.querySelector('#finder-list')?.textContent.includes(`${one}-2`) && document.querySelector('#finder-list').textContent.includes(`${one}-3`), `U-${mark}`);
      await at.see('import-numbers-found');
      await at.page.fill('[role=combobox]', `EPID-${mark}-1`);
      await at.page.waitForFunction((one) => document.querySelector('#finder-list')?.textContent.includes(`${one}-1`) && !document.querySelector('#finder-list').textContent.includes(`${one}-2`), `U-${mark}`);
      await at.page.locator('#finder-list [role=option]').first().click();
      await at.page.waitForFunction((one) => location.hash.includes(one), `U-${mark}-1`);
    },
  },
];
