/**
 * Vitest's own report, then each skipped test with its reason, then exactly one plain line:
 * `N passed, N failed, N skipped`. It is written as the process ends, so nothing can come after it.
 *
 * A test file that fails as a whole (it does not load, its set-up throws) counts as one failed test, and so does
 * an error outside any test. A run without one passed test is a failure.
 */
import { writeSync } from 'node:fs';
import { DefaultReporter } from 'vitest/node';

/**
 * @typedef {readonly import('vitest/node').TestModule[]} Modules
 * @typedef {readonly import('vitest').SerializedError[]} Errors
 */

export default class OneLineReporter extends DefaultReporter {
  /**
   * @override
   * @param {Modules} modules
   * @param {Errors} errors
   * @param {import('vitest/node').TestRunEndReason} reason
   */
  onTestRunEnd(modules, errors, reason) {
    super.onTestRunEnd(modules, errors, reason);
    const { passed, failed, skipped } = count(modules, errors);
    if (passed === 0 || failed > 0) process.exitCode = 1;
    const lines = [
      ...skipped.map((test) => `skipped: ${test}`),
      `${passed} passed, ${failed} failed, ${skipped.length} skipped`,
    ];
    process.once('exit', () => writeSync(1, `${lines.join('\n')}\n`));
  }
}

/**
 * @param {Modules} modules
 * @param {Errors} errors
 */
function count(modules, errors) {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const failedTests = tests.filter((test) => test.result().state === 'failed').length;
  const failedModules = modules.filter((module) => !module.ok() && !hasFailedTest(module)).length;
  return {
    passed: tests.filter((test) => test.result().state === 'passed').length,
    failed: failedTests + failedModules + errors.length,
    skipped: tests.filter(isSkipped).map(describeSkipped),
  };
}

/** @param {import('vitest/node').TestModule} module */
function hasFailedTest(module) {
  return !module.children.allTests('failed').next().done;
}

/** @param {import('vitest/node').TestCase} test */
function isSkipped(test) {
  const { state } = test.result();
  return state === 'skipped' || state === 'pending';
}

/** @param {import('vitest/node').TestCase} test */
function describeSkipped(test) {
  const result = test.result();
  const note = result.state === 'skipped' && result.note !== undefined ? ` (${result.note})` : '';
  return `${test.module.relativeModuleId} > ${test.fullName}${note}`;
}
