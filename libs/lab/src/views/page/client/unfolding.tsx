import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** A part that is rendered only once it is open. @param props.isOpen  opens the part */
export function Unfolding(props: {
  isOpen: boolean;
  summary: ComponentChildren;
  children: ComponentChildren;
}) {
  const [isOpen, setOpen] = useState(props.isOpen);
  useEffect(() => {
    if (props.isOpen) setOpen(true);
  }, [props.isOpen]);
  const isShown = isOpen || props.isOpen;
  return (
    <details
      class="unfolding"
      open={isShown}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>{props.summary}</summary>
      {isShown && props.children}
    </details>
  );
}
