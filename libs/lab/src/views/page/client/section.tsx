import type { ComponentChildren } from 'preact';

/** A part of the page: a landmark with its heading, which the contents lead to. */
export function Section(props: {
  id: string;
  title: string;
  /** A sentence on what is to be seen here. */
  lead?: string;
  children: ComponentChildren;
}) {
  return (
    <section id={props.id} aria-labelledby={`${props.id}-title`} class="part">
      <h2 id={`${props.id}-title`} tabIndex={-1}>
        {props.title}
      </h2>
      {props.lead !== undefined && <p class="lead">{props.lead}</p>}
      {props.children}
    </section>
  );
}

/** A box that scrolls sideways by itself, reachable and named for the keyboard. */
export function Scroller({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="scroller" role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
