import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files whose tools take minutes to come (bring-ahead.ts): by the time they run, these are here. */
const LATE = /jaeger|report|metrics/;

/** The usual order, but for the files that would have to wait. */
export class LateLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLate = ({ moduleId }: TestSpecification): boolean => LATE.test(basename(moduleId));
    return [...sorted.filter((file) => !isLate(file)), ...sorted.filter(isLate)];
  }
}
