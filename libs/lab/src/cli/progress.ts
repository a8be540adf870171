import type { Output } from './cli.ts';

/** Shows what the command waits for: one rewritten line on a terminal, else a line per text. */
export interface Progress {
  show(text: string): void;
  /** Writes a permanent line in place of the rewritten line. */
  say(text: string): void;
  /** Erases the rewritten line, before other output is written. */
  clear(): void;
}

const ERASE_LINE = '\r\u001b[2K';

export function createProgress(output: Output): Progress {
  let isShown = false;
  let last = '';
  const clear = (): void => {
    if (!isShown) return;
    isShown = false;
    last = '';
    output.write(ERASE_LINE);
  };
  return {
    clear,
    say(text) {
      clear();
      output.write(`${text}\n`);
    },
    show(text) {
      if (text === last) return;
      last = text;
      if (!output.isTerminal) return output.write(`  ${text}\n`);
      isShown = true;
      const line = text.replaceAll('\n', ' ').slice(0, output.columns - 5);
      output.write(`${ERASE_LINE}  ${output.paint.dim(`${line} …`)}`);
    },
  };
}
