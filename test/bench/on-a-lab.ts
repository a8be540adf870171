import { join } from 'node:path';
import { chooseProvider, type Lab, type LabOptions, newRunDir, startLab } from '@indoubt/lab';

type Settings = Pick<LabOptions, 'world' | 'saga'> & Partial<Pick<LabOptions, 'twoPhase'>>;

/** Does `work` on a lab and servers of its own, and stops both even if `work` fails. */
export async function onALab(
  name: string,
  settings: Settings,
  work: (lab: Lab, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const root = join(import.meta.dirname, '..', '..');
  const { signal } = new AbortController();
  const provider = await chooseProvider({ wanted: 'auto', env: process.env, root });
  const infrastructure = await provider.start({ root, signal, progress: () => undefined });
  try {
    const lab = await startLab({
      ...settings,
      infrastructure,
      root,
      runDir: newRunDir(root, name),
      coordination: 'saga',
      signal,
      onLine: () => undefined,
    });
    try {
      await work(lab, signal);
    } finally {
      await lab.stop();
    }
  } finally {
    await infrastructure.stop();
  }
}
