// What pages are put together of.
import type { ComponentChildren } from 'preact';
import type { Refusal, AsOf } from '../base/ask';
import { health } from '../base/city';
import { numberText, timeText } from '../base/times';
import { say } from '../base/words';
import { hintHere } from './hints';
import { askTitles, fieldTitle, saidWords } from './said_words';

export function AsOfText({ of, complete = true }: { of: AsOf | undefined; complete?: boolean | undefined }) {
  if (!of) return null;
  const text = of.at ? say('as_of.facts', { at: timeText(of.at, health.value?.now), position: numberText(of.position) })
    : say('as_of.none');
  return <span class="as-of">{complete ? text : `${text} · ${say('as_of.incomplete')}`}</span>;
}

export function Title({ text, level = 2, children }: { text: string; level?: 1 | 2; children?: ComponentChildren }) {
  return <div class="title">{level === 1 ? <h1>{text}</h1> : <h2>{text}</h2>}{children}</div>;
}

// A refusal says what happened and what to do: the service's own words.
// `kind`: of which kind of fact it is said, whose fields it may name.
export function Refused({ refusal, kind = '' }: { refusal: Refusal | null; kind?: string }) {
  if (refusal && kind) askTitles();
  if (!refusal) return null;
  const gone = refusal.status === 0;
  const words = saidWords(refusal, kind), message = gone ? say('refused.gone') : words.message || say('refused.other');
  const hint = gone ? say('refused.again') : hintHere(refusal.code, refusal.hint);
  return <p class="wrong" role="alert"><span class="strong">{kind && !gone && refusal.params.field && !refusal.params.first && `${fieldTitle(kind, refusal.params.field)} · `}{message}</span>{words.detail && <span class="second">{words.detail}</span>}{hint && <span class="second">{hint}</span>}</p>;
}

export const Waiting = () => <p class="soft" role="status">{say('waiting')}</p>;

export interface Column<Row> {
  name: string;
  title: string;
  number?: boolean;
  show: (row: Row) => ComponentChildren;
}

// Bands are rows that stand between: before the row of that index. A table of many columns
// folds on a telephone: each row a block of lines.
export function Table<Row>({ caption, columns, rows, bands, keyOf, folds = true }: {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  bands?: Map<number, ComponentChildren>;
  keyOf?: (row: Row) => string;
  folds?: boolean;
}) {
  return (
    <div class="scroll" role="region" aria-label={caption} tabIndex={0}>
      <table class={folds ? 'folds' : ''}>
        <caption class="unseen">{caption}</caption>
        <thead><tr>{columns.map((one) => <th key={one.name} scope="col" class={`${one.number ? 'number ' : ''}of-${one.name}`}>{one.title}</th>)}</tr></thead>
        <tbody>
          {rows.map((row, at) => [
            bands?.has(at) && <tr class="band" key={`band ${at}`}><th colSpan={columns.length} scope="colgroup">{bands.get(at)}</th></tr>,
            <tr key={keyOf ? keyOf(row) : at} data-row tabIndex={-1}>
              {columns.map((one) => {
                const shown = one.show(row);
                return <td key={one.name} data-name={one.title} class={`${one.number ? 'number ' : ''}${shown === '–' ? 'none ' : ''}of-${one.name}`}><span>{shown}</span></td>;
              })}
            </tr>,
          ])}
        </tbody>
      </table>
    </div>
  );
}

export function Pager({ from, shown, count, before, next }: {
  from: number;
  shown: number;
  count?: number;
  before: (() => void) | null;
  next: (() => void) | null;
}) {
  if (shown === 0 || (!before && !next)) return null;
  const values = { from: numberText(from + 1), to: numberText(from + shown) };
  return (
    <div class="pager">
      <button type="button" disabled={!before} onClick={() => before?.()}>{say('page.before')}</button>
      <span>{count === undefined ? say('page.rows', values) : say('page.of', { ...values, count: numberText(count) })}</span>
      <button type="button" disabled={!next} onClick={() => next?.()}>{say('page.next')}</button>
    </div>
  );
}
