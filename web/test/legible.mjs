// Whether what is on a page can be read: no words lie on other words, and none are cut off
// where nothing says so (an ellipsis, something that scrolls). Runs within the page.
export function illegible() {
  const root = document.querySelector('dialog[open]') ?? document.body, found = [], texts = [];
  const styles = new Map(), styleOf = (one) => styles.get(one) ?? styles.set(one, getComputedStyle(one)).get(one);
  const chain = (element) => { const all = []; for (let at = element; at; at = at.parentElement) all.push(at); return all; };
  // What is there for those who listen, or lies above the page by intent.
  const leftOut = (all) => all.some((one) => one.matches('.unseen, [hidden], .drawn-tip, option, script, style') || ['fixed', 'sticky'].includes(styleOf(one).position)
    || (styleOf(one).position !== 'static' && Number(styleOf(one).zIndex) > 0) || styleOf(one).visibility === 'hidden' || styleOf(one).opacity === '0');
  const words = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const short = (node) => node.textContent.trim().replace(/\s+/g, ' ').slice(0, 30);
  for (let node = words.nextNode(); node; node = words.nextNode()) {
    if (node.textContent.trim() === '' || !node.parentElement.checkVisibility()) continue;
    const all = chain(node.parentElement);
    if (leftOut(all)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    // The glyphs themselves: a line's box is taller than what is drawn in it.
    const boxes = [...range.getClientRects()].filter((one) => one.width > 1 && one.height > 1).map((one) => {
      const spare = one.height * .22;
      return { left: one.left, right: one.right, top: one.top + spare, bottom: one.bottom - spare };
    });
    for (const [at, holder] of all.entries()) {
      const style = styleOf(holder);
      if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
      if (holder === document.body || holder === document.documentElement) break;
      const edge = holder.getBoundingClientRect(), says = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
      for (const box of boxes) {
        const wide = Math.max(edge.left - box.left, box.right - edge.right), tall = Math.max(edge.top - box.top, box.bottom - edge.bottom);
        const scrolls = { x: holder.matches('.tabulator-header-contents') || /auto|scroll/.test(style.overflowX), y: /auto|scroll/.test(style.overflowY) };
        if ((wide > 2 && !scrolls.x && !says) || (tall > 2 && !scrolls.y && !(says && at < 3))) found.push(`cut off by ${holder.tagName}.${holder.className}: ${short(node)}`);
        Object.assign(box, { left: Math.max(box.left, edge.left), right: Math.min(box.right, edge.right), top: Math.max(box.top, edge.top), bottom: Math.min(box.bottom, edge.bottom) });
      }
    }
    for (const box of boxes) if (box.right - box.left > 1 && box.bottom - box.top > 1) texts.push({ ...box, node });
  }
  texts.sort((a, b) => a.top - b.top);
  texts.forEach((one, at) => {
    for (let next = at + 1; next < texts.length && texts[next].top < one.bottom; next++) {
      const other = texts[next];
      if (other.node !== one.node && Math.min(one.right, other.right) - Math.max(one.left, other.left) > 2 && one.bottom - other.top > 2)
        found.push(`“${short(one.node)}” and “${short(other.node)}” lie on each other`);
    }
  });
  return [...new Set(found)];
}
