import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files whose tools take minutes to install (bring-ahead.ts). They run last, when the tools are
 * ready.
 */
const LATE = /jaeger|report|metrics/;

/** The usual order of files, with the files that need slow tools at the end. */
export class LateLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- a method of vitest, and not of an array
    const sorted = await super.sort(files);
    const isLate = ({ moduleId }: TestSpecification): boolean => LATE.test(basename(moduleId));
    return [...sorted.filter((file) => !isLate(file)), ...sorted.filter(isLate)];
  }
}
