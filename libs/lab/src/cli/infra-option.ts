import { Option } from 'commander';
import { oneOf } from './option-values.ts';

const INFRAS = ['auto', 'native', 'docker', 'external'] as const;

/** Where a command's servers come from. */
export function infraOption(): Option {
  return new Option('--infra <provider>', `where the servers come from: ${INFRAS.join(', ')}`)
    .env('INDOUBT_INFRA')
    .default('auto')
    .argParser(oneOf(INFRAS, 'auto'));
}
