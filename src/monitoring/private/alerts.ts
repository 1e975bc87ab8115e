import {
  aws_codebuild as codebuild, aws_codedeploy as codedeploy, aws_codepipeline as codepipeline, aws_events as events,
  Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** An event that is sent by e-mail. */
export interface Alert {
  /** The id of its rule. */
  readonly id: string;
  /** The prop of `PipelineAlarms` that its pattern lists. */
  readonly prop: 'pipeline' | 'projects' | 'deploymentGroups';
  /** `rule-pipeline-failed`, … */
  readonly nameType: string;
  readonly eventPattern: events.EventPattern;
  /** The lines of the message. */
  readonly lines: string[];
}

/**
 * A failed or canceled execution of the pipeline. An update of the pipeline ends running executions as CANCELED. An
 * execution that a person stops ends as STOPPED and is not reported.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
 */
export function pipelineAlert(scope: Construct, pipeline: codepipeline.IPipeline): Alert {
  const name = detail('pipeline');
  return {
    id: 'PipelineFailed',
    prop: 'pipeline',
    nameType: 'rule-pipeline-failed',
    eventPattern: {
      source: ['aws.codepipeline'],
      detailType: ['CodePipeline Pipeline Execution State Change'],
      detail: { pipeline: [pipeline.pipelineName], state: ['FAILED', 'CANCELED'] },
    },
    lines: [
      `An execution of the pipeline ${name} ended as ${detail('state')}.`,
      `Execution: ${detail('execution-id')}`,
      `Time: ${events.EventField.time}`,
      `Console: ${consolePage(scope, `codepipeline/pipelines/${name}/view`)}`,
    ],
  };
}

/**
 * A build that did not succeed. The page of the events lists fewer states than the API has, so the pattern has
 * those of the API.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Build.html
 */
export function buildAlert(projects: codebuild.IProject[]): Alert {
  return {
    id: 'BuildFailed',
    prop: 'projects',
    nameType: 'rule-build-failed',
    eventPattern: {
      source: ['aws.codebuild'],
      detailType: ['CodeBuild Build State Change'],
      detail: {
        'project-name': projects.map((project) => project.projectName),
        'build-status': ['FAILED', 'FAULT', 'STOPPED', 'TIMED_OUT'],
      },
    },
    lines: [
      `A build of ${detail('project-name')} ended as ${detail('build-status')}.`,
      `Build: ${detail('build-id')}`,
      `Time: ${events.EventField.time}`,
      `Log: ${detail('additional-information.logs.deep-link')}`,
    ],
  };
}

/**
 * A failed, stopped or rolled-back deployment. A rolled-back deployment is one that failed or was stopped; the
 * rollback itself is a separate deployment, which succeeds.
 */
export function deploymentAlert(scope: Construct, groups: codedeploy.IEcsDeploymentGroup[]): Alert {
  const deploymentId = detail('deploymentId');
  return {
    id: 'DeploymentFailed',
    prop: 'deploymentGroups',
    nameType: 'rule-deployment-failed',
    eventPattern: {
      source: ['aws.codedeploy'],
      detailType: ['CodeDeploy Deployment State-change Notification'],
      detail: {
        application: groups.map((group) => group.application.applicationName),
        deploymentGroup: groups.map((group) => group.deploymentGroupName),
        state: ['FAILURE', 'STOP'],
      },
    },
    lines: [
      `A deployment of ${detail('application')} ended as ${detail('state')}: `
      + 'CodeDeploy routes all traffic back to the previous tasks.',
      `Deployment: ${deploymentId}`,
      `Time: ${events.EventField.time}`,
      `Console: ${consolePage(scope, `codedeploy/deployments/${deploymentId}`)}`,
    ],
  };
}

function detail(field: string): string {
  return events.EventField.fromPath(`$.detail.${field}`);
}

/**
 * A page of the console in the partition of the stack's region; the commercial one while the region
 * is not known.
 */
function consolePage(scope: Construct, path: string): string {
  const { region } = Stack.of(scope);
  return `https://console.${consoleDomain(region)}/codesuite/${path}?region=${region}`;
}

function consoleDomain(region: string): string {
  if (region.startsWith('cn-')) {
    return 'amazonaws.cn';
  }
  return region.startsWith('us-gov-') ? 'amazonaws-us-gov.com' : 'aws.amazon.com';
}
