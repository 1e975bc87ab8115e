import { aws_codebuild as codebuild } from 'aws-cdk-lib';
import { listProblems, requiredProblem, textProblem } from '../private/checks';
import { broken, Problem, refuseValue } from '../private/errors';

/**
 * Results that commands leave behind as files, and that CodeBuild shows as a report with a history.
 *
 * They go to a report group that is declared in the stack and deleted with it, its reports included: `reports-<purpose>-<suffix>`
 * for test cases, `coverage-<purpose>-<suffix>` for coverage. CodeBuild reads the files when the build ends, also when it fails.
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
    return BuildReport.of('junit', files, 'JUNITXML', codebuild.ReportGroupType.TEST);
  }

  /**
   * Test cases in Cucumber's JSON.
   *
   * @param files paths or glob patterns, relative to the root of the source
   */
  public static cucumber(files: string[]): BuildReport {
    return BuildReport.of('cucumber', files, 'CUCUMBERJSON', codebuild.ReportGroupType.TEST);
  }

  /**
   * Coverage in the XML of Cobertura (coverage.py, Istanbul, gocover-cobertura).
   *
   * @param files paths or glob patterns, relative to the root of the source
   */
  public static cobertura(files: string[]): BuildReport {
    return BuildReport.of('cobertura', files, 'COBERTURAXML', codebuild.ReportGroupType.CODE_COVERAGE);
  }

  /**
   * Coverage in the XML of Clover (Jest, PHPUnit).
   *
   * @param files paths or glob patterns, relative to the root of the source
   */
  public static clover(files: string[]): BuildReport {
    return BuildReport.of('clover', files, 'CLOVERXML', codebuild.ReportGroupType.CODE_COVERAGE);
  }

  /**
   * Coverage in the XML of JaCoCo (Maven, Gradle).
   *
   * @param files paths or glob patterns, relative to the root of the source
   */
  public static jacoco(files: string[]): BuildReport {
    return BuildReport.of('jacoco', files, 'JACOCOXML', codebuild.ReportGroupType.CODE_COVERAGE);
  }

  private static of(factory: string, files: string[], format: string, type: codebuild.ReportGroupType): BuildReport {
    refuseValue(`BuildReport.${factory}`, filesProblems(files));
    return new BuildReport(files, format, type);
  }

  private constructor(
    private readonly files: string[],
    private readonly format: string,
    /** @internal */
    public readonly _type: codebuild.ReportGroupType,
  ) {}

  /** @internal */
  public _section(): object {
    return { 'files': this.files, 'file-format': this.format };
  }
}

function filesProblems(files: string[]): Problem[] {
  const example = '["reports/**/*.xml"]';
  const absent = requiredProblem('files', files, example)
    ?? (Array.isArray(files) && files.length === 0 ? broken('BGP037', 'files', 'must be a list of at least one path or pattern', '[]', `for example ${example}`) : undefined);
  return absent ? [absent] : listProblems('files', files, example, (at, file) => textProblem(at, file, 'reports/**/*.xml'));
}
