const NAME = 'npx @org/bluegreen-pipeline';

export const HELP = `Usage: ${NAME} <command> [cdk.out] [options]

Reads the cloud assembly that "cdk synth" writes, by default the folder cdk.out. Nothing is
deployed, no credentials are needed, and nothing is sent over the network.

Commands:
  explain      what a stack would deploy: stages, environments, rollback, roles, removal, cost
  permissions  who may do what in a stack, and why

Options:
  --stack NAME  read this stack alone: its name, or its path in the app, such as Prod/Storefront
  --json        print data for programs instead of text
  --help        print this help, or with a command the help of the command
  --version     print the version

Exit codes: 0 no finding, 1 a finding, 2 wrong usage or nothing to read.
`;

const EXPLAIN = `Usage: ${NAME} explain [cdk.out] [--stack NAME] [--json]

Prints what a stack would deploy, read from its template alone. Works for any stack with a
CodePipeline or a blue/green deployment of CodeDeploy or ECS, nested stacks and stages included.
Without --stack it prints every such stack. What the template does not say is named as not known.

A finding (exit code 1) is
  - an error that a construct or a validation recorded in the assembly;
  - a resource that makes "cdk destroy" fail: a bucket or repository that is deleted but not
    emptied, or a load balancer that is protected against deletion.

Exit code 2: wrong usage, no such folder, manifest or stack, or no stack to explain.

--json prints { "command", "version", "stacks": [ … ] }. A stack has stack, path, region, account,
resources, templateBytes, warnings, stages, environments, rollback, notifications, removal, cost,
notKnown and findings. The parts from stages to removal are lists of { name, says, facts }.
`;

const PERMISSIONS = `Usage: ${NAME} permissions [cdk.out] [--stack NAME] [--json]

Prints every role with who assumes it, what it may do and why, and the policies of resources.
The reason is the call of a release that needs a statement. For roles that this library did not
make the reason reads "not known". Values that AWS assigns at the deployment are shown as
<LogicalId>, and an account or region that the app leaves open as <account> and <region>.
Without --stack it prints every stack that has roles or policies.

A finding (exit code 1) is
  - a role that deploys and has no Deny for ec2:TerminateInstances: the role of a pipeline, of its
    deploy actions, of CodeDeploy, or of a hook;
  - a role that is allowed every action ("*");
  - a role that is allowed iam:PassRole on every role ("*").

Exit code 2: wrong usage, no such folder, manifest or stack, or no role and no policy to read.

--json prints { "command", "version", "stacks": [ … ] }. A stack has stack, path, region, account,
roles, resourcePolicies, notKnown and findings.
`;

export const COMMAND_HELP: { readonly [command: string]: string } = { explain: EXPLAIN, permissions: PERMISSIONS };
