// Light or dark: as the machine says, until somebody chooses.
import { effect, signal } from '@preact/signals';

type Theme = 'light' | 'dark';
const kept = 'weft-theme';
const dark = window.matchMedia('(prefers-color-scheme: dark)');
const chosen = signal<Theme | null>(localStorage.getItem(kept) as Theme | null);

export const theme = signal<Theme>(chosen.value ?? (dark.matches ? 'dark' : 'light'));

dark.addEventListener('change', () => { if (!chosen.value) theme.value = dark.matches ? 'dark' : 'light'; });
effect(() => { document.documentElement.dataset.theme = theme.value; });

export function turnTheme(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark';
  chosen.value = theme.value;
  localStorage.setItem(kept, theme.value);
}
