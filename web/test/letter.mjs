// Letters between regions as they are printed: whom they concern shows to who says why, and
// nothing of the case is on the sheet.
import { writeFileSync } from 'node:fs';

async function sheet(at, name) {
  const words = await at.page.innerText('article.letter');
  at.hold(!/C-0002|P-\d|MK-0/.test(words), `${name}: the sheet tells of the case, or an id: ${words}`);
  return words;
}

// On paper: one page of A4, with nothing of the screen around it.
async function paper(at, name) {
  if (at.look.width < 800) return;
  const bytes = await at.page.pdf({ preferCSSPageSize: true, printBackground: true }), file = `${at.pictures}/${name}-${at.look.name}.pdf`;
  writeFileSync(file, bytes);
  const pages = bytes.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length, [, wide, high] = /\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/.exec(bytes.toString('latin1')) ?? [];
  at.hold(pages === 1 && Math.round(Number(wide)) === 595 && Math.round(Number(high)) === 842, `${name}: ${pages} pages of ${wide} × ${high}`);
  // And as it looks there, to be looked at: the width of the sheet without its margins.
  await at.page.emulateMedia({ media: 'print' });
  await at.page.setViewportSize({ width: 658, height: 970 });
  await at.page.screenshot({ path: `${at.pictures}/${name}-paper-${at.look.name}.png`, fullPage: true });
  await at.page.emulateMedia({ media: null });
  await at.page.setViewportSize({ width: at.look.width, height: at.look.height });
}

export const letterSteps = [
  {
    name: 'letter',
    async run(at) {
      await at.page.goto(`${at.city.origin}/`);
      await at.page.waitForSelector('main h1');
      await at.logIn('lin');
      // From the list of letters, and without a purpose nobody is named.
      await at.page.goto(`${at.city.origin}/#/views/tracing/letters?sort=turn`);
      await at.page.waitForSelector('tr[data-row]');
      // What is asked and what comes next in words, by when, and whose; overdue as elsewhere.
      const list = at.page.locator('tr[data-row]'), came = list.filter({ hasText: 'NQ-88' });
      const says = await came.innerText(), word = at.look.name.startsWith('en') ? ['to put under control', 'put under control'] : ['落实管控', '流调组'];
      at.hold(word.every((one) => says.includes(one)) && !/(^|\n|\t)control(\n|\t|$)|under_control|first_check/.test(says), `codes stand in the list of letters: ${says}`);
      at.hold(/04:10/.test(await came.locator('td.of-turn').innerText()), `the deadline of what came: ${await came.locator('td.of-turn').innerText()}`);
      const late = await list.filter({ hasText: 'XC-2021-1205' }).locator('td.of-turn .tag').count();
      at.hold(late === 1, 'a letter that is past its deadline is not marked');
      await at.see('letters');
      // Filtered by words, not by what the service calls them.
      await at.page.locator('.filters select[name=next_step]').selectOption({ label: at.look.name.startsWith('en') ? 'put under control' : '落实管控' });
      await at.page.locator('.filters button[type=submit]').click();
      await at.page.waitForFunction(() => /next_step=under_control/.test(location.hash) && document.querySelectorAll('tr[data-row]').length === 1);
      at.hold(/NQ-88/.test(await list.innerText()) && await at.page.locator('.filters select[name=next_step]').inputValue() === 'under_control', 'letters are filtered by their next step');
      await at.page.locator('.filters select[name=next_step]').selectOption('');
      await at.page.locator('.filters button[type=submit]').click();
      await list.locator('a', { hasText: 'XC-2021-1207' }).click();
      await at.page.waitForSelector('article.letter table');
      const before = await sheet(at, 'letter'), english = at.look.name.startsWith('en');
      at.hold(before.includes(english ? 'attached (1 person)' : '名单另附（1 人）') && before.includes('南桥市') && before.includes('2021-12-13 06:30'), `what is asked, of whom and by when: ${before}`);
      at.hold(before.includes(english ? 'nhc' : '县') || before.length > 200, 'each time has its basis');
      // On its own sheet as well, for the paper has no bar: nobody is sent on an errand by a drill.
      at.hold(/演练|DRILL/.test(before), `a letter of a drill does not say so: ${before}`);
      // No deadline is cut by an edge, on a telephone either.
      const wider = await at.page.$$eval('article.letter .sheet', (all) => all.map((one) => one.scrollWidth - one.clientWidth));
      at.hold(wider.every((one) => one <= 0), `a table of the letter is ${wider} px wider than the sheet`);
      // On the screen, and not on the paper: what comes next, by when, and whose.
      const next = await at.page.locator('main .on-screen').first().innerText();
      at.hold((english ? /a receipt from there/ : /等对方回执/).test(next) && /00:30/.test(next) && (english ? /tracing/ : /流调组/).test(next), `how the letter stands: ${next}`);
      await at.see();
      await paper(at, 'letter');
      at.hold(await at.page.locator('.look input[maxlength="64"]').inputValue() === 'C-0002', 'the reference is proposed');
      await at.page.locator('.look select').last().selectOption('trace-contacts');
      await at.page.locator('.look button[type=submit]').click();
      await at.page.waitForFunction(() => document.querySelectorAll('article.letter table').length === 2);
      const named = await sheet(at, 'letter-named');
      at.hold(named.includes('2021-12-07') && named.includes(english ? 'close' : '密接'), `what the other region needs: ${named}`);
      await at.see('letter-named');
      await paper(at, 'letter-named');
      // What came in is answered on a sheet of its own.
      await at.page.goto(`${at.city.origin}/#/letter?letter=NQ-88`);
      await at.page.waitForFunction(() => /复函|Reply/.test(document.querySelector('article.letter h2')?.textContent ?? ''));
      const answer = await sheet(at, 'letter-answer');
      at.hold(answer.includes('2021-12-12 21:30') && answer.includes(english ? 'not yet' : '尚未完成'), `what was done, and what was not: ${answer}`);
      // A sheet that is printed again says what was answered, and apart from it when it was printed.
      at.hold(answer.includes('2021-12-12 21:30') && answer.match(/2021-12-12 21:30/g).length === 3, `the reply is of its last answer: ${answer}`);
      at.hold(/截至 2021-12-12 21:30|by 2021-12-12 21:30/.test(answer) && /打印于|Printed/.test(answer), `as of when: ${answer}`);
      await at.see('letter-answer');
      await paper(at, 'letter-answer');
      // Answered in full at once: nobody was put under control at that minute. Not found: neither.
      for (const [id, wanted] of [['NQ-89', english ? 'was not said' : '未单独答复管控时间'], ['NQ-90', english ? 'not found here' : '查无此人']]) {
        await at.page.goto(`${at.city.origin}/#/letter?letter=${id}`);
        await at.page.waitForFunction((one) => document.querySelector('article.letter dd')?.textContent === one, id);
        const row = await at.page.locator('article.letter table tr').nth(3).innerText();
        at.hold(row.includes(wanted), `control that nobody reported: ${row}`);
      }
      await at.see('letter-done');
    },
  },
];
