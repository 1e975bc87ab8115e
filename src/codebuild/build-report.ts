import { COVERAGE, Report, report, TEST_CASES } from './private/report';

/**
 * Results that commands leave behind as files, and that CodeBuild shows as a report with a history.
 *
 * They go to a report group that is declared in the stack and deleted with it, its reports
 * included: `reports-<purpose>-<suffix>` for test cases, `coverage-<purpose>-<suffix>` for
 * coverage. CodeBuild reads the files when the build ends, also when it fails.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/test-reporting.html
 * @example
 *
 * const tests = BuildSteps.commands(['npm ci', 'npm test -- --ci'], {
 *   reports: [BuildReport.junit(['reports/junit.xml']), BuildReport.clover(['coverage/clover.xml'])],
 * });
 */
export class BuildReport {
  /**
   * Test cases in the XML of JUnit, which most test tools write.
   *
   * @param files paths or glob patterns, relative to the root of the source
   */
  public static junit(files: string[]): BuildReport {
    return new BuildReport(report({ factory: 'junit', files, format: 'JUNITXML', type: TEST_CASES }));
  }

  /**
   * Test cases in Cucumber's JSON.
   *
   * @param files paths or glob patterns, relative to the root of the source
   */
  public static cucumber(files: string[]): BuildReport {
    return new BuildReport(report({ factory: 'cucumber', files, format: 'CUCUMBERJSON', type: TEST_CASES }));
  }

  /**
   * Coverage in the XML of Cobertura (coverage.py, Istanbul, gocover-cobertura).
   *
   * @param files paths or glob patterns, relative to the root of the source
   */
  public static cobertura(files: string[]): BuildReport {
    return new BuildReport(report({ factory: 'cobertura', files, format: 'COBERTURAXML', type: COVERAGE }));
  }

  /**
   * Coverage in the XML of Clover (Jest, PHPUnit).
   *
   * @param files paths or glob patterns, relative to the root of the source
   */
  public static clover(files: string[]): BuildReport {
    return new BuildReport(report({ factory: 'clover', files, format: 'CLOVERXML', type: COVERAGE }));
  }

  /**
   * Coverage in the XML of JaCoCo (Maven, Gradle).
   *
   * @param files paths or glob patterns, relative to the root of the source
   */
  public static jacoco(files: string[]): BuildReport {
    return new BuildReport(report({ factory: 'jacoco', files, format: 'JACOCOXML', type: COVERAGE }));
  }

  private constructor(private readonly files: Report) {}

  /** @internal */
  public _bind(): Report {
    return this.files;
  }
}
