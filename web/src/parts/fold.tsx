// A part of a long page. On a telephone it is a line with its figure that opens; on anything
// wider it stands there as a section.
import type { ComponentChildren } from 'preact';
import type { AsOf } from '../base/ask';
import { narrow } from '../base/size';
import { AsOfText, Title } from './shown';

export function Fold({ text, figure = '', asOf, complete, open = false, children }: {
  text: string; figure?: string; asOf: AsOf | undefined; complete: boolean | undefined; open?: boolean; children: ComponentChildren;
}) {
  if (!narrow.value) return <section><Title text={text}><AsOfText of={asOf} complete={complete} /></Title>{children}</section>;
  return (
    <details class="fold" open={open}>
      <summary><h2>{text}</h2><span class="strong">{figure}</span></summary>
      <p><AsOfText of={asOf} complete={complete} /></p>
      {children}
    </details>
  );
}
