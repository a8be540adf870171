import { expect, test } from 'vitest';
import { parseJavaVersion } from './java-runtime.ts';

test.each([
  ['openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment', '17.0.15', 17],
  ['Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "21" 2023-09-19', '21', 21],
  ['openjdk version "25-ea" 2025-09-16', '25-ea', 25],
  ['java version "1.8.0_411"', '1.8.0_411', 8],
])('the version is read from the output "%s"', (output, version, major) => {
  expect(parseJavaVersion(output)).toEqual({ version, major });
});

test('the output of a stub without a Java runtime has no version', () => {
  expect(parseJavaVersion('Unable to locate a Java Runtime.')).toBeNull();
});
