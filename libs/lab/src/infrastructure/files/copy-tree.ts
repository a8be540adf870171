import { Failure } from '@indoubt/failure';
import { execa } from 'execa';
import { explain } from '../process/explain-log.ts';

/**
 * Copies a folder with its owners and rights, which Postgres insists on. The system's cp: half the
 * time of Node's, which also forgets the owners.
 */
export async function copyTree(from: string, to: string): Promise<void> {
  const { failed, stderr } = await execa('cp', ['-pR', from, to], { reject: false });
  if (!failed) return;
  const detail = explain(`Could not copy ${from}.`, stderr, '(none; this is all cp said)');
  throw new Failure('infrastructure-unavailable', detail);
}
