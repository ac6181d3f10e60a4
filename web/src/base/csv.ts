// A list as a file, as the service writes it. It is fetched, not linked to: the purpose
// goes along as a header.
import { signal } from '@preact/signals';
import { fetchFrom, type Question, type Refusal } from './ask';
import { heed } from './city';

export const unsaved = signal<Refusal | null>(null);

export async function saveCsv(path: string, name: string, question: Question): Promise<void> {
  unsaved.value = null;
  try {
    const reply = await fetchFrom(path, { ...question, accept: 'text/csv' });
    const address = URL.createObjectURL(await reply.blob());
    const link = Object.assign(document.createElement('a'), { href: address, download: name });
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(address), 60000);
  } catch (refusal) {
    heed(refusal);
    unsaved.value = refusal as Refusal;
  }
}
