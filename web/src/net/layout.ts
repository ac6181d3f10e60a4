// Where the cells of the cloth lie: in the order of their codes, in strips, the area of
// each in proportion to the people present. It is no map. What is very small is drawn
// larger than it is, for its holes have to be seen.
export interface Box { x: number; y: number; width: number; height: number }

const smallest = 1 / 2; // of what each would have if all were alike

// How far the cells of a strip are from a good form, on the whole.
function unshapely(areas: number[], width: number): number {
  const height = areas.reduce((sum, area) => sum + area, 0) / width;
  return areas.reduce((sum, area) => {
    const aspect = area / height / height;
    return sum + Math.max(aspect / 1.4, 1.4 / aspect) ** 2;
  }, 0);
}

// Where to begin a new strip, so that all cells together are as shapely as can be.
function stripsOf(areas: number[], width: number): number[][] {
  const most = 16, best: { cost: number; from: number }[] = [{ cost: 0, from: 0 }];
  for (let end = 1; end <= areas.length; end++) {
    let found = { cost: Infinity, from: end - 1 };
    for (let from = Math.max(0, end - most); from < end; from++) {
      const cost = best[from]!.cost + unshapely(areas.slice(from, end), width);
      if (cost < found.cost) found = { cost, from };
    }
    best.push(found);
  }
  const strips: number[][] = [];
  for (let end = areas.length; end > 0; end = best[end]!.from) strips.unshift(areas.slice(best[end]!.from, end));
  return strips;
}

export function layOut(weights: number[], width: number, height: number): Box[] {
  const whole = weights.reduce((sum, one) => sum + one, 0);
  const floored = weights.map((one) => Math.max(whole > 0 ? one / whole : 1, smallest / weights.length));
  const sum = floored.reduce((total, one) => total + one, 0);
  const areas = floored.map((one) => one / sum * width * height), boxes: Box[] = [];
  let y = 0;
  for (const strip of stripsOf(areas, width)) {
    const tall = strip.reduce((total, one) => total + one, 0) / width;
    let x = 0;
    for (const area of strip) {
      boxes.push({ x, y, width: area / tall, height: tall });
      x += area / tall;
    }
    y += tall;
  }
  return boxes;
}

// ---- crossings of a cell ----

export function hash(text: string): number {
  let sum = 2166136261;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 16777619);
  return sum >>> 0;
}

// The crossings around a place, the nearest first, a little uneven so that a tear looks
// like one. The place of a name is always the same.
// What was found is kept: it changes with the window, not with the facts.
const known = new Map<string, number[]>(), knownMost = 2000;

export function around(name: string, columns: number, rows: number): number[] {
  const key = `${name} ${columns} ${rows}`, before = known.get(key);
  if (before) return before;
  if (known.size >= knownMost) known.clear();
  const places = find(name, columns, rows);
  known.set(key, places);
  return places;
}

function find(name: string, columns: number, rows: number): number[] {
  const seed = hash(name);
  const across = (0.16 + (seed & 1023) / 1023 * 0.68) * columns, down = (0.2 + (seed >>> 10 & 1023) / 1023 * 0.6) * rows;
  const far = (at: number) => {
    const x = at % columns + 0.5 - across, y = Math.floor(at / columns) + 0.5 - down;
    return Math.hypot(x, y) + (Math.imul(seed ^ at, 2654435761) >>> 24) / 255 * 1.3;
  };
  const found = Array.from({ length: columns * rows }, (_, at) => ({ at, far: far(at) }));
  return found.sort((a, b) => a.far - b.far).map((one) => one.at);
}
