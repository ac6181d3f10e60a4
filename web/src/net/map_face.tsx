// The map: the net over the city's own outlines. MapLibre moves it about and draws its
// ground; the cloth, the names and the figures lie on a canvas above. There are no tiles,
// letters come from the page, and nothing is asked of anybody.
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { Feature as Line } from 'geojson';
import { Map as Ground, setWorkerCount, setWorkerUrl, type GeoJSONSource, type StyleSpecification } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import type { Refusal } from '../base/ask';
import { heed, mayRows } from '../base/city';
import { addressOf } from '../base/route';
import { theme } from '../base/theme';
import { numberText, timeText } from '../base/times';
import { language, say } from '../base/words';
import { Refused, Waiting } from '../parts/shown';
import { inksOf, type Inks } from './cloth';
import { townText, useSize } from './cloth_face';
import { areaOf, contains, extentOf, fit, holesEach, latOf, latticeOf, lonOf, planeOf, type Area, type Feature, type View } from './ground';
import { drawOutline, drawScene, roomOf, type Box, type Frame, type Piece, type Scene } from './map_draw';
import type { Hole, Net, Tear, Town } from './model';
import { nameOf, placeName } from './names';
import { readOutlines, type Datum, type Outlines } from './outlines';
import '../look/map.css';

const margin = 14;

export interface MapFaceProps { net: Net; plates: Tear[]; grid: string; enter: (grid: string) => void; leave: () => void }

// ---- what is shown ----

// The town that was entered as one piece, where none of its villages has an outline.
function wholeOf(net: Net, grid: string): Town {
  return { ...net.all, grid, holes: [...net.towns.flatMap((one) => one.holes), ...net.wider].sort((a, b) => a.due - b.due) };
}

interface Shown { pieces: { town: Town; area: Area }[]; others: Area[]; without: Town[]; isWhole: boolean }

function shownOf(net: Net, areas: Map<string, Area>, grid: string): Shown {
  const pieces = net.towns.flatMap((town) => { const area = areas.get(town.grid); return area ? [{ town, area }] : []; });
  const own = areas.get(grid), isWhole = pieces.length === 0 && grid !== '' && own !== undefined;
  const shown = isWhole ? [{ town: wholeOf(net, grid), area: own }] : pieces, grids = new Set(shown.map((one) => one.town.grid));
  return {
    pieces: shown, isWhole,
    others: [...areas.values()].filter((one) => !grids.has(one.grid) && one.grid.length <= 9),
    without: isWhole ? [] : net.towns.filter((one) => !areas.has(one.grid)),
  };
}

function nameIn(town: Town, area: Area): string {
  return nameOf(town.grid) ?? (area.name || placeName(town.grid));
}

// ---- the ground ----

function styleOf(inks: Inks): StyleSpecification {
  return {
    version: 8,
    sources: { areas: { type: 'geojson', data: { type: 'FeatureCollection', features: [] }, tolerance: .2 } },
    layers: [
      { id: 'nothing', type: 'background', paint: { 'background-color': inks.bg } },
      { id: 'others', type: 'line', source: 'areas', filter: ['!', ['get', 'piece']], paint: { 'line-color': inks.faint, 'line-width': 1, 'line-opacity': .6 } },
      { id: 'pieces', type: 'line', source: 'areas', filter: ['get', 'piece'], paint: { 'line-color': inks.faint, 'line-width': 2 } },
    ],
  };
}

// Its lines alone: the ground within them is the cloth's.
function featureOf(area: Area, piece: boolean): Line {
  const lines = area.rings.map((ring) => Array.from({ length: ring.length / 2 }, (_, at) => [lonOf(ring[2 * at]!), latOf(ring[2 * at + 1]!)]));
  return { type: 'Feature', properties: { piece }, geometry: { type: 'MultiLineString', coordinates: lines } };
}

const canDraw = (): boolean => {
  try {
    return document.createElement('canvas').getContext('webgl2') !== null;
  } catch {
    return false;
  }
};

// The map as it stands; `point`: at the piece of a grid.
interface Live { map: Ground; draw: () => void; point: (grid: string) => void }

function viewOf(map: Ground): View {
  const { lng, lat } = map.getCenter();
  return { ...planeOf(lng, lat), zoom: map.getZoom() };
}

function begin(container: HTMLElement, inks: Inks, pixels: number, failed: () => void): Ground {
  setWorkerUrl(workerUrl);
  setWorkerCount(1);
  const map = new Ground({
    container, style: styleOf(inks), pixelRatio: pixels, attributionControl: false, renderWorldCopies: false, dragRotate: false, pitchWithRotate: false, fadeDuration: 0,
    canvasContextAttributes: { preserveDrawingBuffer: true }, // for its picture
    cooperativeGestures: window.matchMedia('(pointer: coarse)').matches, maxPitch: 0,
    locale: { 'Map.Title': say('wall.map'), 'CooperativeGesturesHandler.MobileHelpText': say('wall.map_fingers') },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.on('error', failed);
  return map;
}

// ---- beside it ----

function Figures({ overdue, open }: { overdue: number; open: number }) {
  return <span><b class={overdue > 0 ? 'late' : ''}>{numberText(overdue)}</b>/{numberText(open)}</span>;
}

// Where a town leads: into it, and a village of it to its holes, for those who may see them.
const hrefOf = (grid: string): string | null => (grid.length === 9 ? addressOf('wall', { face: 'map', grid }) : mayRows('holes') ? addressOf('holes', { grid, all: 'true' }) : null);

function Without({ shown, wider }: { shown: Shown; wider: Hole[] }) {
  const { without } = shown, count = (some: Hole[]) => some.reduce((sum, one) => sum + one.count, 0);
  if (without.length === 0 && wider.length === 0) return null;
  return (
    <p class="without">
      {without.length > 0 && <b>{say('wall.without', { count: without.length })}</b>}
      {without.slice(0, 8).map((one) => {
        const to = hrefOf(one.grid), text = <>{placeName(one.grid)} <Figures overdue={one.overdue} open={one.open} /></>;
        return to ? <a key={one.grid} href={to} title={townText(one)}>{text}</a> : <span key={one.grid}>{text}</span>;
      })}
      {without.length > 8 && say('wall.without_more', { count: without.length - 8, open: without.slice(8).reduce((sum, one) => sum + one.open, 0) })}
      {wider.length > 0 && <span>{say('wall.place.unknown')} <Figures overdue={count(wider.filter((one) => one.urgency === 'overdue'))} open={count(wider)} /></span>}
    </p>
  );
}

function Beside({ text, leave }: { text: string; leave: () => void }) {
  return <div class="map-none"><p>{text}</p><button type="button" class="first" onClick={leave}>{say('wall.to_cloth')}</button></div>;
}

// Over each name, for keys and for who does not see; a pointer points at the outline.
function Names({ pieces, boxes, enter, point }: { pieces: Piece[]; boxes: Map<string, Box>; enter: (grid: string) => void; point: (grid: string) => void }) {
  return (
    <>{pieces.map(({ town, name }) => {
      const box = boxes.get(town.grid), text = townText(town, name);
      return (
        <button key={town.grid} type="button" class="town" data-grid={town.grid} aria-label={text} onClick={() => enter(town.grid)} onFocus={() => point(town.grid)} onBlur={() => point('')}
          style={box ? { left: `${box.x - 3}px`, top: `${box.y - 3}px`, width: `${box.width + 6}px`, height: `${box.height + 6}px` } : { left: 0, top: 0, width: '1px', height: '1px' }} />
      );
    })}</>
  );
}

const metresText = (metres: number): string => (metres >= 1000 ? say('wall.km', { count: metres / 1000 }) : say('wall.m', { count: metres }));

// ---- the face ----

// Px of the canvas to one of the page: of the screen, and of a wall that is shown larger.
const pixelsOf = (): number => Math.max(1, window.devicePixelRatio) * Number(getComputedStyle(document.documentElement).getPropertyValue('--wall-zoom') || 1);

// The lattices of the pieces, woven anew when the frame, an outline or a name is another.
function usePieces(shown: Shown, plates: Tear[], whole: View | null, width: number, paper: HTMLCanvasElement | null): Piece[] {
  const names = shown.pieces.map(({ town, area }) => nameIn(town, area)), to = paper?.getContext('2d');
  const rooms = shown.pieces.map(({ town }, at) => (to ? roomOf(to, town, names[at]!, { width }) : { width: 90, height: 42 }));
  const lattices = useMemo(() => shown.pieces.map(({ area }, at) => (whole ? latticeOf(area, whole.zoom, rooms[at]!.width, rooms[at]!.height) : null)),
    [whole, rooms.map((one) => one.width).join()]);
  return shown.pieces.map(({ town, area }, at) => {
    const numerals = new Map<string, number>();
    plates.forEach((tear, numeral) => { if ((tear.grid === town.grid || (shown.isWhole && tear.grid !== '')) && !numerals.has(tear.owner)) numerals.set(tear.owner, numeral + 1); });
    return { town, area, name: names[at]!, lattice: lattices[at] ?? null, plates: [...numerals] };
  });
}

// Draws what is the latest over the map as it stands.
function drawerOf(map: Ground, sheet: HTMLCanvasElement, latest: { current: { scene: Scene; frame: Frame; pointed: string } }, tell: (boxes: Map<string, Box>) => void): () => void {
  let told = '';
  return () => {
    const to = sheet.getContext('2d'), { scene, frame, pointed } = latest.current, began = performance.now();
    if (!to || frame.width === 0) return;
    const wide = Math.round(frame.width * frame.scale), tall = Math.round(frame.height * frame.scale);
    if (sheet.width !== wide || sheet.height !== tall) Object.assign(sheet, { width: wide, height: tall });
    const view = viewOf(map), inks = inksOf(sheet), soft = getComputedStyle(sheet).getPropertyValue('--ink2').trim();
    const boxes = drawScene(to, scene, view, frame, inks, soft), one = scene.pieces.find(({ town }) => town.grid === pointed);
    if (one) drawOutline(to, one.area.rings, view, frame, inks.ink);
    sheet.dataset.drawn = (performance.now() - began).toFixed(1); // ms: the browser's test holds it
    const where = [...boxes].map(([grid, box]) => `${grid} ${Math.round(box.x)} ${Math.round(box.y)} ${Math.round(box.width)}`).join();
    if (where !== told) tell(boxes);
    told = where;
  };
}

function Stage({ shown, plates, enter, places, datum, failed }: {
  shown: Shown; plates: Tear[]; enter: (grid: string) => void; places: Feature[]; datum: Datum; failed: () => void;
}) {
  const stage = useRef<HTMLDivElement>(null), under = useRef<HTMLDivElement>(null), canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = useSize(stage), boxes = useSignal<Map<string, Box>>(new Map()), made = useSignal<Live | null>(null), ready = useSignal(false);
  const dark = theme.value, words = language.value, grids = shown.pieces.map((one) => one.town.grid).join();
  const whole = useMemo(() => (width > 0 ? fit(extentOf(shown.pieces.map((one) => one.area)), width, height, margin) : null), [grids, width, height]);
  const pieces = usePieces(shown, plates, whole, width, canvas.current), many = whole ? holesEach(pieces) : 1;
  const scene: Scene = { pieces, places, many, wovenAt: whole?.zoom ?? 0, corner: say(`wall.datum.${datum}`), metres: metresText };
  const latest = useRef({ scene, frame: { width, height, scale: 1 }, pointed: '', enter });
  Object.assign(latest.current, { scene, enter });
  const live = made.value, isReady = ready.value;

  useEffect(() => {
    if (!under.current || !canvas.current) return undefined;
    let map: Ground;
    try {
      map = begin(under.current, inksOf(canvas.current), pixelsOf(), failed);
    } catch {
      failed();
      return undefined;
    }
    const draw = drawerOf(map, canvas.current, latest, (now) => { boxes.value = now; });
    const hit = ({ lng, lat }: { lng: number; lat: number }) => { const point = planeOf(lng, lat); return latest.current.scene.pieces.find((one) => contains(one.area, point)); };
    const point = (to: string) => { if (to === latest.current.pointed) return; latest.current.pointed = to; draw(); };
    map.on('render', draw);
    map.on('style.load', () => { ready.value = true; });
    map.on('click', (event) => { const one = hit(event.lngLat); if (one) latest.current.enter(one.town.grid); });
    map.on('mousemove', (event) => {
      const one = hit(event.lngLat);
      map.getCanvas().style.cursor = one ? 'pointer' : '';
      if (stage.current) stage.current.title = one ? townText(one.town, one.name) : '';
      point(one?.town.grid ?? '');
    });
    map.on('mouseout', () => point(''));
    made.value = { map, draw, point };
    return () => { made.value = null; map.remove(); };
  }, []);
  useEffect(() => {
    const source = isReady ? live?.map.getSource<GeoJSONSource>('areas') : undefined;
    void source?.setData({ type: 'FeatureCollection', features: [...shown.pieces.map((one) => featureOf(one.area, true)), ...shown.others.map((one) => featureOf(one, false))] });
  }, [live, isReady, grids, shown.others.length]);
  useEffect(() => {
    if (!live || !isReady || !canvas.current) return;
    for (const layer of styleOf(inksOf(canvas.current)).layers)
      for (const [name, value] of Object.entries(layer.paint ?? {}))
        if (name.endsWith('color')) live.map.setPaintProperty(layer.id, name as 'line-color', value as string);
  }, [live, isReady, dark]);
  useEffect(() => { live?.map.getCanvas().setAttribute('aria-label', say('wall.map')); }, [live, words]);
  const showAll = () => { if (whole) live?.map.jumpTo({ center: [lonOf(whole.x), latOf(whole.y)], zoom: whole.zoom }); };
  useEffect(() => {
    if (!live || !whole) return;
    latest.current.frame = { width, height, scale: pixelsOf() };
    live.map.setPixelRatio(latest.current.frame.scale);
    live.map.resize();
    live.map.setMinZoom(Math.max(-2, whole.zoom - 1));
    live.map.setMaxZoom(Math.min(22, whole.zoom + 3));
    showAll();
  }, [live, whole]);
  useEffect(() => { live?.draw(); });

  const zoomBy = (steps: number) => { if (live) live.map.jumpTo({ zoom: Math.max(live.map.getMinZoom(), Math.min(live.map.getMaxZoom(), live.map.getZoom() + steps)) }); };
  return (
    <>
      {many > 1 && <p class="scale">{say('wall.crossing', { count: many })}</p>}
      <div class="map" ref={stage} data-words={words} data-datum={datum} data-pieces={pieces.length}>
        <div class="ground" ref={under} />
        <canvas ref={canvas} style={{ width: `${width}px`, height: `${height}px` }} aria-hidden="true" />
        <Names pieces={pieces} boxes={boxes.value} enter={enter} point={(to) => live?.point(to)} />
        <div class="map-keys">
          <button type="button" onClick={() => zoomBy(.5)} aria-label={say('wall.nearer')}>+</button>
          <button type="button" onClick={() => zoomBy(-.5)} aria-label={say('wall.farther')}>−</button>
          <button type="button" onClick={showAll} aria-label={say('wall.all_of_it')}>⤢</button>
        </div>
      </div>
    </>
  );
}

function Drawn({ net, plates, grid, enter, leave, outlines }: MapFaceProps & { outlines: Outlines }) {
  const failed = useSignal(false), can = useMemo(canDraw, []);
  const areas = useMemo(() => new Map(outlines.features.flatMap((one) => { const area = areaOf(one); return area ? [[area.grid, area] as const] : []; })), [outlines]);
  const places = useMemo(() => outlines.features.filter((one) => one.geometry.type === 'Point'), [outlines]);
  const shown = useMemo(() => shownOf(net, areas, grid), [net, areas, grid]), datum = outlines.datum ?? 'wgs84';
  if (!can || failed.value) return <Beside text={say('wall.map_cannot')} leave={leave} />;
  return (
    <>
      <Without shown={shown} wider={shown.isWhole ? [] : net.wider} />
      {shown.isWhole && <p class="without">{say('wall.whole', { count: net.towns.length })}</p>}
      {shown.pieces.length === 0 ? <Beside text={say('wall.map_nothing')} leave={leave} />
        : <Stage shown={shown} plates={plates} enter={enter} places={places} datum={datum} failed={() => { failed.value = true; }} />}
      <p class="datum">{say(`wall.datum_long.${datum}`)}{outlines.loaded && ` · ${say('wall.loaded', { at: timeText(outlines.loaded) })}`}</p>
    </>
  );
}

export function MapFace(given: MapFaceProps) {
  const outlines = useSignal<Outlines | null>(null), refusal = useSignal<Refusal | null>(null);
  useEffect(() => {
    readOutlines().then((one) => { outlines.value = one; }, (why: Refusal) => { heed(why); refusal.value = why; });
  }, []);
  if (refusal.value) return <Refused refusal={refusal.value} />;
  return outlines.value ? <Drawn {...given} outlines={outlines.value} /> : <Waiting />;
}
