// What closes a hole, in words. The service names the kinds of facts as programs do; where it
// has said in words what a kind is, the name behind in brackets goes.
import { has, word } from '../base/words';

const kind = '[a-z]+\\.[a-z]+(?:_[a-z]+)*', beside = new RegExp(`\\s*[（(]${kind}(?:(?:、|, )${kind})*[）)]`, 'g');

// Words that a field of the kind takes, whichever field of these it is.
function valueText(text: string, one: string): string {
  const group = text.includes('letter.answered') ? 'letter_answer' : text.includes('instruction.answered') ? 'instruction_answer' : 'milestone';
  return has(`${group}.${one}`) ? word(group, one) : has(`closing.${one}`) ? word('closing', one) : one;
}

export function closingText(text: string): string {
  return text.replace(beside, '')
    .replace(/\b(?:milestone|answer)=/g, '')
    .replace(/(?<![a-z.])[a-z]+(?:_[a-z]+)*(?![a-z.=])/g, (one) => (/_/.test(one) || /[（、]|或/.test(text) || one === 'done' || one === 'checked' || one === 'received' ? valueText(text, one) : one))
    .replace(new RegExp(kind, 'g'), (one) => word('fact', one))
    .replace(/(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])/g, ''); // between a name and Chinese words only
}
