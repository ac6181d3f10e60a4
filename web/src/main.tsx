import './look/tokens.css';
import './look/page.css';
import { render } from 'preact';
import { begin } from './base/city';
import { mindSize } from './base/size';
import { language, speak } from './base/words';
import { Shell } from './shell';

speak(language.value);
mindSize();
const page = document.getElementById('page');
if (page) render(<Shell />, page);
void begin();
