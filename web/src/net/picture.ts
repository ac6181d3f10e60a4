// A panel as a picture for a report: with its title and its "as of", as it stands.
import { health } from '../base/city';
import { say } from '../base/words';
import { save } from './files';

// Finer than most screens, so that it is sharp in print.
const finer = 2, margin = 12, drillLine = 22;

// ---- styles ----

// Said otherwise as well, or of no picture.
const needless = /^(-webkit-|-internal-|inset-|block-size|inline-size|(min|max)-(block|inline)-size|perspective-origin|transition|animation|cursor|caret|scroll|outline|will-change|pointer-events|user-select)|-(block|inline)(-|$)/;
const svg = 'http://www.w3.org/2000/svg';

// What an element is without the page's styles: browsers keep those out of a shadow.
class Plain {
  private readonly host = document.createElement('div');
  private readonly shadow = this.host.attachShadow({ mode: 'closed' });
  private readonly styles = new Map<string, CSSStyleDeclaration>();

  constructor() {
    this.host.style.all = 'initial';
    document.body.append(this.host);
  }

  of(element: Element): CSSStyleDeclaration {
    const name = `${element.namespaceURI} ${element.localName}`, known = this.styles.get(name);
    if (known) return known;
    const bare = document.createElementNS(element.namespaceURI, element.localName);
    if (element.namespaceURI === svg && element.localName !== 'svg') {
      const around = document.createElementNS(svg, 'svg');
      around.append(bare);
      this.shadow.append(around);
    } else {
      this.shadow.append(bare);
    }
    const style = getComputedStyle(bare);
    this.styles.set(name, style);
    return style;
  }

  end(): void {
    this.host.remove();
  }
}

// Not as an attribute: the policy of the page takes no styles in the text.
function dress(to: HTMLElement | SVGElement, style: CSSStyleDeclaration, plain: CSSStyleDeclaration): void {
  for (const name of style) {
    const value = style.getPropertyValue(name);
    if (!needless.test(name) && value !== plain.getPropertyValue(name)) to.style.setProperty(name, value);
  }
}

// What a style sheet writes before or behind an element ("◆" before what is overdue).
function written(of: Element, where: '::before' | '::after', plain: CSSStyleDeclaration): HTMLElement | null {
  const style = getComputedStyle(of, where), text = /^"(.*)"$/.exec(style.content)?.[1];
  if (!text) return null;
  const span = document.createElement('span');
  span.textContent = text;
  dress(span, style, plain);
  return span;
}

// ---- the drawing ----

function imageOf(canvas: HTMLCanvasElement): HTMLImageElement {
  const image = document.createElement('img');
  image.src = canvas.toDataURL();
  return image;
}

// Each element with its style, and what is drawn on a canvas as an image: one SVG that
// needs nothing else.
function drawingOf(panel: HTMLElement): { text: string; width: number; height: number } {
  const copy = panel.cloneNode(true) as HTMLElement, plain = new Plain();
  const from = [panel, ...panel.querySelectorAll<HTMLElement | SVGElement>('*')], to = [copy, ...copy.querySelectorAll<HTMLElement | SVGElement>('*')];
  from.forEach((one, at) => {
    const image = one instanceof HTMLCanvasElement ? imageOf(one) : null, other = image ?? to[at]!;
    if (image) to[at]!.replaceWith(image);
    dress(other, getComputedStyle(one), plain.of(one));
    if (one instanceof SVGElement) return;
    const span = plain.of(document.createElement('span')), before = written(one, '::before', span), after = written(one, '::after', span);
    if (before) other.prepend(before);
    if (after) other.append(after);
  });
  plain.end();
  copy.querySelectorAll('dialog, button, .unseen, .drawn-tip').forEach((one) => one.remove());
  // A drill says so on all that leaves it.
  const drill = health.value?.kind === 'drill', above = drill ? drillLine : 0, { color, fontFamily } = getComputedStyle(panel);
  const ground = getComputedStyle(document.documentElement).backgroundColor, width = panel.offsetWidth + 2 * margin, height = panel.offsetHeight + 2 * margin + above;
  const text = `<svg xmlns="${svg}" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${ground}"/>` +
    (drill ? `<text x="${margin}" y="${margin + 11}" font-size="13" font-weight="700" fill="${color}" style="font-family: ${fontFamily.replace(/"/g, "'")}">${say('drill')}</text>` : '') +
    `<foreignObject x="${margin}" y="${margin + above}" width="${panel.offsetWidth}" height="${panel.offsetHeight}">${new XMLSerializer().serializeToString(copy)}</foreignObject></svg>`;
  return { text, width, height };
}

// By its address in the text, not by a blob's: browsers do not let a canvas be read into
// which a blob with HTML was drawn.
async function pngOf({ text, width, height }: { text: string; width: number; height: number }): Promise<Blob | null> {
  const image = new Image(), canvas = document.createElement('canvas');
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  canvas.width = width * finer;
  canvas.height = height * finer;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return await new Promise((done) => { canvas.toBlob(done); });
}

// PNG; where a browser lets none be made of it, the drawing itself.
export async function savePicture(name: string, panel: HTMLElement | null): Promise<void> {
  if (!panel) return;
  const drawing = drawingOf(panel), png = await pngOf(drawing).catch(() => null);
  if (png) save(`${name}.png`, png);
  else save(`${name}.svg`, new Blob([drawing.text], { type: 'image/svg+xml' }));
}
