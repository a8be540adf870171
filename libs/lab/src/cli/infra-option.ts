import { Option } from 'commander';
import { oneOf } from './option-values.ts';

const INFRAS = ['auto', 'native', 'docker', 'external'] as const;

/** The option that chooses the provider of the servers. */
export function infraOption(): Option {
  return new Option('--infra <provider>', `the provider of the servers: ${INFRAS.join(', ')}`)
    .env('INDOUBT_INFRA')
    .default('auto')
    .argParser(oneOf(INFRAS, 'auto'));
}
