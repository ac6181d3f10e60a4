// Invented outlines for invented towns: a comb of cells with crooked edges, which
// neighbours share, somewhere between 119 and 120 degrees. They are those of no place.
const shift = (x, y, salt) => {
  const value = Math.sin(x * 127.1 + y * 311.7 + salt * 74.7) * 43758.5453;
  return value - Math.floor(value) - .5;
};

const size = .05, tall = .86;

// A corner, or the middle of an edge, moved a little: the same for both neighbours.
function moved(x, y, salt, by) {
  const at = [Math.round(x * 1e4) / 1e4, Math.round(y * 1e4) / 1e4];
  return [Number((119.5 + at[0] + shift(...at, salt) * by).toFixed(6)), Number((31.4 - (at[1] + shift(...at, salt + 1) * by) * tall).toFixed(6))];
}

function cell(column, row) {
  const x = column * size * Math.sqrt(3) + (row % 2) * size * Math.sqrt(3) / 2, y = row * size * 1.5, ring = [];
  for (let i = 0; i < 6; i++) {
    const corner = (k) => [x + size * Math.sin(k * Math.PI / 3), y - size * Math.cos(k * Math.PI / 3)];
    const [a, b] = [corner(i), corner(i + 1)];
    ring.push(moved(...a, 1, .03));
    ring.push(moved((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, 5, .018));
  }
  return [...ring, ring[0]];
}

const feature = (grid, rings, name) => ({ type: 'Feature', properties: { grid, ...(name ? { name } : {}) }, geometry: { type: 'Polygon', coordinates: rings } });

// Slices of a cell around its middle.
function villages(grid, ring) {
  const corners = ring.slice(0, -1), middle = [0, 1].map((at) => Number((corners.reduce((sum, one) => sum + one[at], 0) / corners.length).toFixed(6)));
  return [1, 2, 3].map((at) => {
    const part = [...corners, corners[0]].slice((at - 1) * 4, at * 4 + 1);
    return feature(`${grid}00${at}`, [[middle, ...part, middle]]);
  });
}

// `without`: towns that get none; `split`: the town whose villages have theirs.
export function outlinesOf(towns, { without = [], split = '', columns = 5 } = {}) {
  const features = [];
  towns.forEach((grid, at) => {
    const ring = cell(at % columns, Math.floor(at / columns));
    if (!without.includes(grid)) features.push(feature(grid, [ring]));
    if (grid === split) features.push(...villages(grid, ring));
  });
  features.push(feature('320281001', [cell(columns, 1)]));
  features.push({ type: 'Feature', properties: { name: '南站' }, geometry: { type: 'Point', coordinates: moved(.21, .27, 9, 0) } });
  return { type: 'FeatureCollection', features };
}
