import { render } from 'preact';
import { App, type Runs } from './app.tsx';

const page = document.getElementById('page');
const json = document.getElementById('runs')?.textContent;
if (page === null || json === undefined || json === null) {
  throw new Error('this page is damaged: its data is missing');
}
page.replaceChildren();
// Written by renderPage from the same type, in the same file.
const runs: Runs = JSON.parse(json);
render(<App runs={runs} />, page);
// When the second frame is requested, the first has been painted: a test reads this time.
requestAnimationFrame(() => requestAnimationFrame(() => performance.mark('shown')));
