import { useEffect, useState } from 'preact/hooks';

/** Whether the page is laid out for paper. */
export function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(() => matchMedia('print').matches);
  useEffect(() => {
    const media = matchMedia('print');
    const follow = () => setPrinting(media.matches);
    const before = () => setPrinting(true);
    follow(); // it may have changed since the first drawing
    media.addEventListener('change', follow);
    addEventListener('beforeprint', before);
    addEventListener('afterprint', follow);
    return () => {
      media.removeEventListener('change', follow);
      removeEventListener('beforeprint', before);
      removeEventListener('afterprint', follow);
    };
  }, []);
  return isPrinting;
}
