import { FAILPOINTS, type Failpoint } from '@indoubt/chaos';
import { COLUMNS_MAX } from '../../text/columns-max.ts';
import { wrapText } from '../../text/wrap-text.ts';
import { type Cli, writeJson } from '../cli.ts';
import { EXIT } from '../exit-code.ts';

const COORDINATIONS = { saga: 'saga', '2pc': '2pc', both: 'saga and 2pc' } as const;

/** Prints every crash point: what has happened there, and what has not. */
export function failpointsCommand(cli: Cli, { json }: { json?: boolean }): number {
  if (json) writeJson(cli, { failpoints: FAILPOINTS });
  else cli.out.write(renderFailpoints(cli.out.paint));
  return EXIT.holds;
}

function renderFailpoints(paint: Cli['out']['paint']): string {
  const windows = Map.groupBy(FAILPOINTS, ({ window }) => window);
  const blocks = [...windows].map(([window, members]) => entry(window, members, paint));
  const next = `Arm a crash point:
  CHAOS="payment:acted-not-committed=crash@1" ./scenario run saga-happy-path
Crash at every crash point:  ./scenario matrix
The grammar of faults:  docs/chaos.md`;
  return `${[...blocks, next].join('\n\n')}\n`;
}

function entry(window: string, members: readonly Failpoint[], paint: Cli['out']['paint']): string {
  const [one] = members;
  if (one === undefined) return '';
  const where = members.map(({ process }) => process).join(', ');
  const lines = [`done: ${one.happened}`, `but: ${one.not}`].flatMap((text) =>
    wrapText(text, COLUMNS_MAX - 8).map((line, index) =>
      index === 0 ? `    ${line}` : `      ${line}`,
    ),
  );
  return [`${paint.cyan(window)}  ${COORDINATIONS[one.coordination]}: ${where}`, ...lines].join(
    '\n',
  );
}
