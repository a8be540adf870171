import { Failure } from '@indoubt/failure';
import { execa } from 'execa';
import { explain } from '../process/explain-log.ts';

/**
 * Copies a folder with its owners and rights, which Postgres requires. The system's cp takes half
 * the time of Node's copy, and Node's copy loses the owners.
 */
export async function copyTree(from: string, to: string): Promise<void> {
  const { failed, stderr } = await execa('cp', ['-pR', from, to], { reject: false });
  if (!failed) return;
  const detail = explain(`Could not copy ${from}.`, stderr, 'none, this is the whole output of cp');
  throw new Failure('infrastructure-unavailable', detail);
}
