// The line list: order and filter, a cell that is a fact, rows out of Excel with those that
// are refused, a list that is kept.
async function open(at, view, reference = 'C-1') {
  await at.page.goto(`${at.city.origin}/#/list/${view}`);
  await at.page.locator('.look input').fill(reference);
  await at.page.locator('.look select').nth(1).selectOption('trace-contacts');
  await at.page.locator('.look button[type=submit]').click();
  await at.page.waitForSelector('.tabulator-row');
}

async function paste(at, rows) {
  await at.page.getByRole('button', { name: /Excel/ }).click();
  await at.page.locator('textarea[data-paste]').waitFor();
  await at.page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    document.querySelector('textarea[data-paste]').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, rows.map((row) => row.join('\t')).join('\r\n'));
  await at.page.waitForSelector('.paste .tabulator-row');
}

const cell = (at, name, row = 0) => at.page.locator(`.tabulator-row [tabulator-field=${name}]`).nth(row);

export const listSteps = [
  {
    name: 'list',
    city: 'outbreak',
    async run(at) {
      await at.page.goto(`${at.city.origin}/`);
      await at.page.waitForSelector('main h1');
      await at.logIn('lin');
      await open(at, 'cases/cases');
      await at.see();
      const first = await cell(at, 'case_id').textContent();
      await at.page.locator('button[data-sort=case_id]').click();
      await at.page.waitForFunction((was) => document.querySelector('.tabulator-row .tabulator-cell').textContent !== was, first);
      at.hold(await at.page.locator('[aria-sort=descending]').count() === 1, 'the order is not said');
      // A cell is a fact: shown as under way, then taken.
      if (at.look.width > 800) {
        await cell(at, 'source').focus();
        await at.page.keyboard.press('Enter');
        await at.page.locator('.tabulator-editing select').selectOption('self');
        await at.page.waitForFunction(() => /自报|self-report/.test(document.querySelector('.tabulator-row [tabulator-field=source]').textContent) && !document.querySelector('.tabulator-cell .wait'));
      }
      // Printed is all that is here, as a plain table.
      const printed = await at.page.evaluate(() => {
        window.dispatchEvent(new Event('beforeprint'));
        const rows = document.querySelectorAll('.tabulator-print-table tr').length;
        window.dispatchEvent(new Event('afterprint'));
        return rows;
      });
      at.hold(printed > 5, `${printed} rows are printed`);
      // Kept without the id of a person.
      await at.page.locator('.filters input[name=person]').fill('P-0000007');
      await at.page.locator('.list-bar summary').first().click();
      await at.page.locator('.choice input').first().fill('A');
      await at.page.locator('.choice button[type=submit]').click();
      const kept = await at.page.evaluate(() => localStorage.getItem('weft-lists/lin'));
      at.hold(kept.includes('cases/cases') && !kept.includes('P-0000007'), `a list is kept as ${kept}`);
    },
  },
  {
    name: 'list-paste',
    city: 'outbreak',
    async run(at) {
      await at.page.goto(`${at.city.origin}/`);
      await at.page.waitForSelector('main h1');
      await at.logIn('lin');
      await open(at, 'cases/cases');
      const mark = at.look.name;
      await paste(at, [['病例编号', '人员编号', '疫情编号', '病例分类', '发病时间', '备注'],
        [`X-${mark}-1`, 'P-0000021', 'O-1211', '确诊', '2021/12/9 8:30', 'a'],
        [`X-${mark}-2`, 'P-0000022', 'O-1211', '无此词', '2021年12月9日 8时', 'b'],
        [`X-${mark}-3`, 'P-0000023', 'O-1211', 'suspected', '09/12/2021', 'c'],
        [`X-${mark}-4`, 'P-0000024', 'O-1211', '疑似', '2031-12-09 10:00', 'd'],
        ['', 'P-0000025', 'O-1211', '疑似', '2021-12-09', 'e']]);
      // Nothing is guessed: somebody says which is the day.
      at.hold(await at.page.locator('.paste input[type=radio]').count() === 2, 'day and month are guessed');
      await at.see('list-preview');
      await at.page.locator('.paste input[type=radio]').first().click();
      // The service takes them and its answer is lost: sent again they are the same facts.
      const send = at.page.locator('.paste button.first'), before = await at.page.locator('.paste .tabulator-row').count();
      let asked = 0;
      at.expected.lost = true;
      await at.page.route('**/v1/facts?*', async (route) => {
        if (++asked < 2) return route.continue();
        at.hold(/[?&]refusals=1000(&|$)/.test(route.request().url()), 'the reason of each row is not asked for');
        await route.fetch();
        return route.abort();
      });
      await send.click();
      await at.page.waitForFunction(() => [...document.querySelectorAll('.paste .tabulator-row')].some((row) => /不会重复|the same fact/.test(row.textContent)));
      at.hold(await at.page.locator('.paste .tabulator-row').count() === before, 'rows whose fate is not known are gone');
      await at.page.unroute('**/v1/facts?*');
      at.expected.lost = false;
      await send.click();
      await at.page.waitForFunction(() => document.querySelectorAll('.paste .tabulator-row').length < 5 && !/\d+ \/ \d+|Recording/.test(document.querySelector('[data-pasted]').textContent));
      const left = await at.page.locator('.paste .tabulator-row').allInnerTexts();
      at.hold(left.length === 3 && left.some((one) => one.includes(`X-${mark}-2`)) && left.some((one) => one.includes('P-0000025')), `rows that were not taken are gone: ${left}`);
      at.hold(!left.some((one) => one.includes(`X-${mark}-1`)), 'a row that was taken is still there');
      // They stay while somebody is elsewhere.
      await at.page.evaluate(() => { location.hash = '#/tasks'; });
      await at.page.waitForFunction(() => !document.querySelector('.tabulator'));
      await at.page.evaluate(() => { location.hash = '#/list/cases/cases'; });
      await at.page.waitForSelector('.paste .tabulator-row');
      at.hold(await at.page.locator('.paste .tabulator-row').count() === left.length, 'what was pasted is lost by going elsewhere');
      await at.see('list-left');
    },
  },
  {
    // A thousand rows as people have them: full-width digits, a cell of two lines, empty rows
    // below, days that have to be said; and the browser asks before they are lost.
    name: 'list-paste-many',
    city: 'outbreak',
    async run(at) {
      await at.page.goto(`${at.city.origin}/`);
      await at.page.waitForSelector('main h1');
      await at.logIn('lin');
      await open(at, 'cases/cases');
      const mark = at.look.name, rows = Array.from({ length: 1000 }, (_, row) => [`M-${mark}-${row}`, 'O-1211', '疑似', '2021-12-09 10:00']);
      rows[0][3] = '２０２１－１２－０９　８：３０';
      rows[1][3] = '０９／１２／２０２１';
      rows[2][0] = `"M-${mark}-2\n又"`;
      rows[3][0] = `Ｍ－３`;
      await paste(at, [['病例编号', '疫情编号', '病例分类', '发病时间'], ...rows, ...Array.from({ length: 40 }, () => ['', '', '', ''])]);
      const said = () => at.page.locator('[data-pasted]').innerText();
      at.hold(/^997 /.test((await said()).replace(/^[^\d]*/, '')), `of 1,000 rows and 40 empty ones: ${await said()}`);
      at.hold(await at.page.locator('.paste input[type=radio]').count() === 2, 'day and month in full width are guessed');
      await at.page.locator('.paste input[type=radio]').first().click();
      await at.page.waitForFunction(() => /998/.test(document.querySelector('[data-pasted]').textContent));
      const shown = await at.page.locator('.paste .tabulator-row').allInnerTexts();
      at.hold(/几行|several lines/.test(shown[2]) && /全角|full-width/.test(shown[3]), `lines and full width are not said: ${shown.slice(2, 4)}`);
      await at.see();
      // Leaving asks; whoever stays has them all.
      if (at.look.width > 800) {
        const asked = at.page.waitForEvent('dialog');
        void at.page.close({ runBeforeUnload: true }).catch(() => {});
        const dialog = await asked;
        at.hold(dialog.type() === 'beforeunload', `leaving asks with ${dialog.type()}`);
        await dialog.dismiss();
        at.hold(/998/.test(await said()), 'rows are lost by staying');
      }
      await at.page.locator('.paste .pager').last().locator('button').last().click();
      await at.page.locator('textarea[data-paste]').waitFor();
    },
  },
];
