// The net as data, without a browser: what is counted, what is red, where cells lie.
import { buildSync } from 'esbuild';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src/net');

async function load(name) {
  const made = buildSync({ entryPoints: [join(folder, name)], bundle: true, format: 'esm', write: false });
  return import(`data:text/javascript;base64,${Buffer.from(made.outputFiles[0].text).toString('base64')}`);
}

const now = Date.parse('2021-12-11T16:42:00+08:00') / 1000;
const span = (grid, owner, due, count, since = -60) => ({ grid, kind: `${owner}/x`, owner, spans: [since * 60, due * 60, count] });

function answer(rows) {
  return {
    rows, from: new Date(now * 1000).toISOString(), grid: '', level: 'town', step_s: 900, not_asked: 0, as_of: { position: 1, at: null }, complete: true,
    population: ['320282002', '320282001'].map((grid, i) => ({ grid, present: 100 + i, sampled: 50, explained: 1, missing: 49 + i })),
    contacts: [['320282001', 'close', 4, 3], ['320282001', 'general', 90, 0], ['', 'secondary', 2, 1]].map(([grid, level, confirmed, reached]) =>
      ({ grid, level, named: confirmed, confirmed, reached, placed: 0, tested: 0, converted: 0 })),
  };
}

// Cases by onset: as many squares as the scale says, and none of them another's.
function onsetTests(hold, { curveOf, squaresOf, markOf, categories }) {
  const cases = (day, counts) => counts.flatMap((count, at) => Array.from({ length: count }, () => ({ onset: `2021-12-${day}`, category: categories[at] })));
  const few = curveOf([...cases('09', [1, 0, 2, 0, 1]), ...cases('01', [0, 1, 0, 0, 0])], '2021-12-11');
  hold(few.days.length === 11 && few.days[0].day === '2021-12-01' && few.days.filter((one) => !one.complete).map((one) => one.day.slice(8)).join() === '09,10,11', 'from the first onset to today, three days not complete');
  hold(few.each === 1 && few.top === 6 && squaresOf(few.days[8], 1).join() === 'named_contact,screening,screening,unknown', 'a square a case, by category');
  hold(curveOf([], '2021-12-11').days.length === 8, 'a week at least');
  hold(curveOf(cases('01', [1]), '2022-03-01').days.length === 21, 'three weeks at most');
  for (const [most, each] of [[6, 1], [7, 2], [12, 2], [13, 5], [30, 5], [31, 10], [60, 10], [61, 20], [601, 200], [6000, 1000]])
    hold(curveOf(cases('10', [most]), '2021-12-11').each === each, `${most} cases of a day: a square for ${each}`);
  // 21 cases, five a square: five squares, which end at 25; each category one too many would be seven.
  const many = curveOf(cases('10', [6, 1, 13, 1]), '2021-12-11'), squares = squaresOf(many.days.find((one) => one.all === 21), many.each);
  hold(many.each === 5 && squares.length === 5 && squares.filter((one) => one === 'screening').length === 2, `squares of 21 cases: ${squares}`);
  hold(new Set(categories.map((one) => JSON.stringify({ ...markOf(one), name: '' }))).size === categories.length, 'each category has a mark of its own');
}

// What has no room ends behind a word; a number alone, or half a word, says nothing.
async function cutTests(hold) {
  const { cutTo } = await load('loom_face.tsx'), cut = (room, text) => cutTo(room, text, (one) => [...one].length);
  hold(cut(40, '3 Contacts who are not reached') === '3 Contacts who are not reached', 'what fits is whole');
  hold(cut(22, '3 Contacts who are not reached') === '3 Contacts who are…' && cut(23, '3 Contacts who are not reached') === '3 Contacts who are not…', 'a cut is behind a word');
  hold(cut(8, '3 Contacts who are not reached') === '' && cut(3, '12,345 例') === '', 'where no word has room there is none');
  hold(cut(7, '3 未联系上的接触者') === '3 未联系上…', 'Chinese is cut behind a letter');
}

// A map that was moved: while the gap that a name has in the cloth is in sight, so is the name.
async function nameTests(hold) {
  const { drawScene } = await load('map_draw.ts'), { areaOf, fit, extentOf, latticeOf, worldOf } = await load('ground.ts');
  const ring = [[119, 31], [120, 31], [120, 32], [119, 32], [119, 31]], area = areaOf({ type: 'Feature', properties: { grid: '320282001' }, geometry: { type: 'MultiPolygon', coordinates: [[ring]] } });
  const whole = fit(extentOf([area]), 800, 600, 10), lattice = latticeOf(area, whole.zoom, 100, 42), world = worldOf(whole.zoom), inks = { bg: '', ink: '', alarm: '' };
  const town = { grid: '320282001', open: 0, overdue: 0, minutes: 0, soon: 0, later: 0, present: 0, sampled: 0, confirmed: 0, reached: 0, placed: 0, holes: [] };
  // The middle of the gap so many px to the left of the frame.
  const written = (out) => {
    const texts = [], to = new Proxy({ canvas: { width: 800, height: 600 } }, {
      get: (of, name) => (name === 'measureText' ? (text) => ({ width: 9 * text.length }) : name === 'fillText' ? (text) => texts.push(text) : of[name] ?? (() => undefined)), set: () => true,
    });
    const view = { zoom: whole.zoom, x: (lattice.label.x + out + 400) / world, y: lattice.label.y / world };
    const boxes = drawScene(to, { pieces: [{ town, area, name: 'Willowton', lattice, plates: [] }], places: [], many: 1, wovenAt: whole.zoom, corner: '', metres: String }, view, { width: 800, height: 600, scale: 1 }, inks, '');
    const box = boxes.get('320282001');
    return { named: texts.includes('Willowton'), inside: !box || box.x >= 0 && box.x + box.width <= 800 };
  };
  for (const out of [-300, -1, 10, 40]) hold(written(out).named && written(out).inside, `a gap that is in sight has its name, ${out} px out`);
  hold(!written(80).named, 'what is out of sight is not named');
}

export async function netTests(hold) {
  globalThis.localStorage ??= { getItem: () => null };
  await cutTests(hold);
  await nameTests(hold);
  const { netOf, urgencyOf, tearsOf, worstOf, dayOf, share } = await load('model.ts');
  const { layOut, around } = await load('layout.ts');
  for (const [due, is] of [[-1, 'overdue'], [0, 'overdue'], [1, 'minutes'], [15, 'minutes'], [16, 'soon'], [120, 'soon'], [121, 'later']])
    hold(urgencyOf(now + due * 60, now) === is, `a hole due in ${due} minutes is ${is}`);

  const net = netOf(answer([span('320282001', 'testing', -5, 3), span('320282001', 'tracing', 30, 2), span('320282001', 'testing', 400, 7, -10),
    span('', 'order', -90, 1), span('320282002', 'tracing', -20, 1)]), now);
  hold(net.towns.map((one) => one.grid).join() === '320282001,320282002', 'towns come by code');
  hold(net.all.open === 14 && net.all.overdue === 5 && net.all.soon === 2 && net.all.later === 7, 'every hole is counted once, in one urgency');
  hold(net.towns.reduce((sum, one) => sum + one.open, 0) + net.wider.reduce((sum, one) => sum + one.count, 0) === net.all.open, 'those without a town are not lost');
  hold(net.groups.reduce((sum, one) => sum + one.open, 0) === 14, 'each hole is a work group’s');
  hold(net.groups.map((one) => one.owner).join() === 'tracing,testing,order', 'work groups come in the order of work');
  hold(net.towns[0].confirmed === 4 && net.all.confirmed === 6, 'general contacts are not of those to be reached; a contact without a town counts for the city');
  hold(net.all.present === 201 && net.all.sampled === 100, 'people are summed');
  const tears = tearsOf(net.towns[0]);
  hold(tears.length === 2 && tears[0].owner === 'testing' && tears[0].open === 10 && tears[0].overdue === 3, 'a tear is all of a group’s in a town, the worst first');
  hold(worstOf(net, 9).map((one) => one.grid).join() === ',320282002,320282001', 'what is overdue longest comes first, and what is not red is not there');
  // What is as it was is the same object, whoever draws it; what moved, or became urgent, is another.
  const rows = [span('320282001', 'testing', 30, 3), span('320282002', 'tracing', 400, 2)], first = netOf(answer(rows), now);
  const same = netOf(answer(structuredClone(rows)), now + 5, first), later = netOf(answer(rows), now + 16 * 60, same);
  hold(same.towns.every((one, i) => one === first.towns[i]), 'towns that are as they were are the same');
  hold(later.towns[0] !== same.towns[0] && later.towns[0].minutes === 3 && later.towns[1] === same.towns[1], 'a hole that has minutes left by now makes another town');
  const sampled = answer(rows);
  sampled.population[0].sampled++;
  const counted = netOf(sampled, now, first);
  hold(counted.towns[1] !== first.towns[1] && counted.towns[1].holes === first.towns[1].holes, 'a town that was sampled on keeps its holes');
  hold(netOf(answer([span('320282001', 'testing', 30, 4)]), now, first).towns[0].open === 4 && netOf(answer(rows), now - 7200, later).towns[0].minutes === 0,
    'a count that changed, and a clock that went back, are seen');
  hold(share(1, 0) === 0 && share(3, 2) === 1, 'of nothing there is no share');
  hold(dayOf(now - 3600, now).to === now + 23 * 3600 && !dayOf(now - 3600, now).rolls, 'the first day stands still');
  hold(dayOf(now - 25 * 3600, now).rolls && dayOf(null, now).to === now + 6 * 3600, 'later the axis rolls');

  await groundTests(hold, netOf);

  const weights = Array.from({ length: 37 }, (_, i) => 1 + i * 7919 % 997), boxes = layOut(weights, 840, 700);
  hold(Math.abs(boxes.reduce((sum, one) => sum + one.width * one.height, 0) - 840 * 700) < 1, 'cells fill the cloth');
  hold(boxes.every((one) => one.x >= -1e-6 && one.y >= -1e-6 && one.x + one.width < 840.001 && one.y + one.height < 700.001), 'cells lie within it');
  hold(boxes.every((a, i) => boxes.every((b, k) => i >= k || a.x + a.width < b.x + .001 || b.x + b.width < a.x + .001 || a.y + a.height < b.y + .001 || b.y + b.height < a.y + .001)), 'no cell lies on another');
  const crossings = around('320282001 testing', 20, 10);
  hold(new Set(crossings).size === 200 && around('320282001 testing', 20, 10).join() === crossings.join(), 'each crossing is torn once, and a tear stays where it is');

  const { quartersOf } = await load('quarters.ts'), row = (clock, taken, resulted) => ({ quarter: `2021-12-11T${clock}:00+08:00`, samples_taken: taken, samples_resulted: resulted });
  const pace = quartersOf([row('16:30', 9, 9), row('16:00', 1, 0), row('15:30', 4, 0), row('15:30', 3, 2)], now, false);
  hold(pace.taken.join() === '7,0,1,0' && pace.resulted.join() === '2,0,0,0', `towns are one, a quarter without rows is nought, one that is not over is not there: ${pace.taken}`);
  hold(pace.times[0] === Date.parse('2021-12-11T15:30:00+08:00') / 1000, 'the first quarter begins when it begins');
  hold(quartersOf([row('16:00', 1, 0), row('15:30', 4, 0)], now, true).taken.join() === '0,1,0', 'of a list that was cut the oldest quarter is left out');
  hold(quartersOf([], now, false).times.length === 0 && quartersOf([], now, true).times.length === 0, 'of nothing there are no quarters');
  onsetTests(hold, await load('onset.ts'));
  // What five thousand holes cost: said, not held.
  const many = answer(Array.from({ length: 2000 }, (_, i) => span(`320282${String(i % 30).padStart(3, '0')}`, ['tracing', 'testing', 'case'][i % 3], i % 700 - 60, i % 4 + 1)));
  const began = performance.now();
  for (let i = 0; i < 20; i++) netOf(many, now);
  console.log(`net: ${netOf(many, now).all.open} holes in ${many.rows.length} rows are one model in ${((performance.now() - began) / 20).toFixed(1)} ms`);
}

// The pieces of the map: where they lie, and that they are woven as the figures are.
async function groundTests(hold, netOf) {
  const ground = await load('ground.ts');
  const { areaOf, contains, extentOf, fit, holesEach, latOf, latticeOf, lonOf, planeOf, scaleOf, tornOf, worldOf } = ground;
  const back = planeOf(119.82, 31.36);
  hold(Math.abs(lonOf(back.x) - 119.82) < 1e-9 && Math.abs(latOf(back.y) - 31.36) < 1e-9 && planeOf(0, 90).y > -1e-6 && planeOf(0, -90).y < 1 + 1e-6, 'there and back again in the plane, poles and all');
  const ring = (left, top, size) => [[left, top], [left + size, top], [left + size, top - size], [left, top - size], [left, top]];
  const feature = (grid, coordinates) => ({ type: 'Feature', properties: { grid, name: '甲' }, geometry: { type: 'MultiPolygon', coordinates } });
  // A square with a hole in its middle, and an island.
  const area = areaOf(feature('320282001', [[ring(119, 32, .9), ring(119.3, 31.7, .3)], [ring(121, 32, .3)]]));
  const isIn = (lon, lat) => contains(area, planeOf(lon, lat));
  hold(isIn(119.1, 31.9) && isIn(121.1, 31.9) && !isIn(119.45, 31.55) && !isIn(120.5, 31.9) && !isIn(119.1, 33), 'inside, on the island; not in the hole, between, or outside');
  hold(areaOf({ type: 'Feature', properties: { name: 'x' }, geometry: { type: 'Point', coordinates: [1, 1] } }) === null, 'a point is no area');
  const extent = extentOf([area]), view = fit(extent, 800, 600, 10), world = worldOf(view.zoom);
  hold((extent.right - extent.left) * world <= 780.001 && (extent.bottom - extent.top) * world <= 580.001
    && Math.max((extent.right - extent.left) * world / 780, (extent.bottom - extent.top) * world / 580) > .999, 'all of it fits the frame, and fills it');
  const lattice = latticeOf(area, view.zoom, 100, 42), centre = (one) => ({ x: (one.column + .5) * lattice.pitch / world, y: (one.row + .5) * lattice.pitch / world });
  hold(lattice.cells.length > 500 && lattice.cells.every((one) => contains(area, centre(one))), 'every crossing lies within the outline');
  hold(lattice.gap && lattice.cells.every((one) => Math.abs((one.column + .5) * lattice.pitch - lattice.label.x) > 50 || Math.abs((one.row + .5) * lattice.pitch - lattice.label.y) > 21), 'the name has a gap of its own');
  for (const order of [lattice.dyed, lattice.thrown]) hold([...order].sort((a, b) => a - b).every((one, at) => one === at), 'each crossing has its place in the order');
  const from = (order) => lattice.cells[order.indexOf(0)];
  hold(lattice.cells.every((one) => one.column >= from(lattice.dyed).column && one.row <= from(lattice.thrown).row), 'dyed from the left, thrown from below');
  // Holes: each once, none lost, those of a group together, and where they were.
  const town = netOf(answer([span('320282001', 'testing', -5, 30), span('320282001', 'tracing', 30, 20), span('320282001', 'tracing', 400, 7)]), now).towns[0];
  const torn = tornOf(town, lattice, 1), count = (urgency) => [...torn.holes.values()].filter((one) => one === urgency).length;
  hold(count('overdue') === 30 && count('soon') === 20 && count('later') === 7 && torn.centres.size === 2, `a crossing for each hole: ${[...torn.holes.values()].length}`);
  hold([...tornOf(town, lattice, 1).holes].join() === [...torn.holes].join(), 'a hole stays where it is');
  hold([...torn.holes.keys()].every((at) => lattice.cells[at].whole), 'no hole is cut by the outline');
  hold(holesEach([{ town, lattice }]) === 1 && holesEach([{ town: { ...town, open: lattice.cells.length }, lattice }]) === 5, 'where holes are many a crossing stands for several');
  const tiny = latticeOf(areaOf(feature('320282002', [[ring(119, 32, .03)]])), view.zoom, 100, 42);
  hold(tiny !== null && !tiny.gap && tiny.pitch < lattice.pitch && tiny.cells.length > 0, 'a very small piece is woven finer, without a gap');
  hold(latticeOf(areaOf(feature('320282003', [[ring(119, 32, .0001)]])), 2, 100, 42) === null, 'what is smaller than a crossing is not woven');
  const scale = scaleOf({ ...planeOf(119, 31), zoom: 9 }, 120);
  hold([1, 2, 5].includes(scale.metres / 10 ** Math.floor(Math.log10(scale.metres))) && scale.px <= 120 && scale.px > 40, `a scale that reads well: ${scale.metres} m in ${scale.px} px`);
  const each = (lat) => { const { metres, px } = scaleOf({ ...planeOf(0, lat), zoom: 9 }, 120); return metres / px; };
  hold(Math.abs(each(60) / each(0) - .5) < 1e-9, 'a px at 60 degrees is half as long as at the equator');
}
