import type { ComponentChildren } from 'preact';

/** A part of the page: a landmark with a heading, linked from the contents. */
export function Section(props: {
  id: string;
  title: string;
  /** A sentence about the content of the part. */
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

/** A box that scrolls sideways. It has a name and can be focused with the keyboard. */
export function Scroller({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="scroller" role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
