import { render } from 'preact';
import { App, type Runs } from './app.tsx';

const page = document.getElementById('page');
const json = document.getElementById('runs')?.textContent;
if (page === null || json === undefined || json === null) {
  throw new Error('this page is damaged: its data is not there');
}
page.replaceChildren();
// Written by renderPage from the same type, in the same file.
const runs: Runs = JSON.parse(json);
render(<App runs={runs} />, page);
// The first frame has been painted when the second is asked for: a test reads when that was.
requestAnimationFrame(() => requestAnimationFrame(() => performance.mark('shown')));
