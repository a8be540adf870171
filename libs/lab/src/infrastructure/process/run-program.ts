import { execa, type Options } from 'execa';

export interface ProgramResult {
  failed: boolean;
  /** Its output on both streams, or the reason why it could not start. */
  output: string;
}

/** Runs a program to its end. A failure is a result, because the caller can explain it. */
export async function runProgram(
  command: string,
  args: string[],
  options: Options = {},
  onLine: (line: string) => void = () => undefined,
): Promise<ProgramResult> {
  const program = execa(command, args, {
    ...options,
    all: true,
    reject: false,
    // A program that reads stdin gets an end of file at once, so it cannot wait for input.
    ...(options.input === undefined && { stdin: 'ignore' as const }),
  });
  for await (const line of program.iterable({ from: 'all' })) onLine(String(line));
  const { failed, all, shortMessage } = await program;
  return { failed, output: (String(all ?? '') || shortMessage) ?? '' };
}
