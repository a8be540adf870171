import { useLayoutEffect, useState } from 'preact/hooks';

/** Links to each part of the page; the selected event stays in the address. */
export function Contents() {
  const [parts, setParts] = useState<{ id: string; title: string }[]>([]);
  useLayoutEffect(() => {
    const sections = [...document.querySelectorAll('main > section')];
    setParts(
      sections.map(({ id, firstElementChild }) => ({ id, title: textOf(firstElementChild) })),
    );
  }, []);
  return (
    <ul class="contents">
      {parts.map(({ id, title }) => (
        <li key={id}>
          <a href={`#${id}`} onClick={(event) => leadTo(event, id)}>
            {title}
          </a>
        </li>
      ))}
    </ul>
  );
}

function textOf(element: Element | null): string {
  return element?.textContent ?? '';
}

function leadTo(event: MouseEvent, id: string): void {
  event.preventDefault();
  const section = document.getElementById(id);
  section?.scrollIntoView();
  section?.querySelector('h2')?.focus({ preventScroll: true });
}
