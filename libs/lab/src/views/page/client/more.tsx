/** A button for the hidden part of a long list; nothing when no item is hidden. */
export function More(props: { count: number; what: string; onClick(): void }) {
  if (props.count === 0) return null;
  return (
    <button type="button" class="more" onClick={props.onClick}>
      {props.count} {props.what}: show more
    </button>
  );
}
