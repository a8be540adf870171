import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files whose tools take minutes to come (bring-ahead.ts): by then they are here. */
const LATE = /jaeger|report|metrics/;

/** The usual order, but for the files that would have to wait. */
export class LateLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- vitest's own, and no array's
    const sorted = await super.sort(files);
    const isLate = ({ moduleId }: TestSpecification): boolean => LATE.test(basename(moduleId));
    return [...sorted.filter((file) => !isLate(file)), ...sorted.filter(isLate)];
  }
}
