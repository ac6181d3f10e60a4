// How the lines of a curve look, in the curve and wherever its lines are named.
export interface Line { name: string; values: (number | null)[]; late?: boolean }

const dashes = [[], [9, 4], [2, 3], [9, 3, 2, 3]];

// `late`: what is overdue, red and thick. Lines differ by their dashes, so that they are
// told apart without colour. `token`: of tokens.css.
export function lookOf(line: Line, at: number): { token: string; width: number; dash: number[] } {
  return { token: line.late ? 'alarm' : at === 0 ? 'ink' : 'dyed-text', width: line.late ? 3 : 2, dash: dashes[at % dashes.length] ?? [] };
}
