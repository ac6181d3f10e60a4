// How large somebody wants letters: the browser's own setting, as a multiple of its usual
// 16 px. Style sheets follow it by rem and em; the wall, which is measured in px, by its
// zoom (wall.css); what libraries measure asks here.
const usual = 16;

export const textScale = (): number => (parseFloat(getComputedStyle(document.documentElement).fontSize) || usual) / usual;

function note(): void {
  document.documentElement.style.setProperty('--text-zoom', String(textScale()));
}

// For a setting that is changed while the page is open there is no event but this one.
export function mindSize(): void {
  note();
  window.addEventListener('resize', note);
}
