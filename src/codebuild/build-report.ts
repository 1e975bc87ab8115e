import { COVERAGE, Report, report, TEST_CASES } from './private/report';

/**
 * A CodeBuild test report or code coverage report, from files that the commands of a build write.
 *
 * CodeBuild reads the files when the build ends, even if the build fails, and shows the history of the report in the
 * console. The project creates the report group: `reports-<purpose>-<suffix>` for test cases,
 * `coverage-<purpose>-<suffix>` for coverage. The group and its reports are deleted with the stack.
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
   * Reports test cases in JUnit XML, which most test tools write.
   *
   * @param files paths or glob patterns of the report files, relative to the root of the source
   */
  public static junit(files: string[]): BuildReport {
    return new BuildReport(report({ factory: 'junit', files, format: 'JUNITXML', type: TEST_CASES }));
  }

  /**
   * Reports test cases in Cucumber JSON.
   *
   * @param files paths or glob patterns of the report files, relative to the root of the source
   */
  public static cucumber(files: string[]): BuildReport {
    return new BuildReport(report({ factory: 'cucumber', files, format: 'CUCUMBERJSON', type: TEST_CASES }));
  }

  /**
   * Reports coverage in Cobertura XML (coverage.py, Istanbul, gocover-cobertura).
   *
   * @param files paths or glob patterns of the report files, relative to the root of the source
   */
  public static cobertura(files: string[]): BuildReport {
    return new BuildReport(report({ factory: 'cobertura', files, format: 'COBERTURAXML', type: COVERAGE }));
  }

  /**
   * Reports coverage in Clover XML (Jest, PHPUnit).
   *
   * @param files paths or glob patterns of the report files, relative to the root of the source
   */
  public static clover(files: string[]): BuildReport {
    return new BuildReport(report({ factory: 'clover', files, format: 'CLOVERXML', type: COVERAGE }));
  }

  /**
   * Reports coverage in JaCoCo XML (Maven, Gradle).
   *
   * @param files paths or glob patterns of the report files, relative to the root of the source
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
