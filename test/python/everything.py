"""A user's app that sets every prop of every construct.

test/consumers/everything.ts is the same in TypeScript, line by line: both must give the same template.
"""

from aws_cdk import (
    Acknowledgment, App, Duration, Environment, Stack, Validations,
    aws_certificatemanager as acm,
    aws_codebuild as codebuild,
    aws_codepipeline as codepipeline,
    aws_codepipeline_actions as actions,
    aws_ec2 as ec2,
    aws_ecr as ecr,
    aws_ecs as ecs,
    aws_iam as iam,
    aws_lambda as lambda_,
    aws_logs as logs,
    aws_s3 as s3,
    aws_secretsmanager as secretsmanager,
)
from org_bluegreen_pipeline import (
    Approval, ApprovalGate, BlueGreenFargatePipeline, BuildCache, BuildImage, BuildReport, BuildSteps, CachedBuildProject,
    DashboardDeployment, DeploymentHooks, EcsBlueGreenDeployment, LoadBalancerOptions, PipelineAlarms, PipelineDashboard,
    PipelineEnvironment, PipelineSource, PlatformOptions, RegistryCredentials, RegistryLogin, RetiringOptions, RollbackOptions,
    SecureArtifactBucket, SmokeTest, StorageOptions, TaskOptions, TrafficShift,
)

app = App()
stack = Stack(app, "Everything", env=Environment(region="us-east-1"))

vpc = ec2.Vpc(stack, "Network", max_azs=3, nat_gateways=1)
images = ecr.Repository(stack, "Images", image_tag_mutability=ecr.TagMutability.IMMUTABLE)
layers = ecr.Repository.from_repository_name(stack, "Layers", "layers")
tools = ecr.Repository.from_repository_name(stack, "Tools", "tools")
cpu_architecture = ecs.CpuArchitecture.ARM64
build_image = BuildImage.from_ecr_repository(tools, "2026-11", cpu_architecture=cpu_architecture)
bootstrap_image = ecs.ContainerImage.from_registry("public.ecr.aws/acme/waiting:1")
logs_bucket = s3.Bucket.from_bucket_name(stack, "Logs", "acme-logs")
certificate = acm.Certificate.from_certificate_arn(stack, "Certificate",
    "arn:aws:acm:us-east-1:111111111111:certificate/0f9d7bd3-4c43-4f4c-8f9b-2f4d7e1a5b6c")
database = secretsmanager.Secret.from_secret_complete_arn(stack, "Database",
    "arn:aws:secretsmanager:us-east-1:111111111111:secret:orders-AbCdEf")
npmrc = secretsmanager.Secret.from_secret_name_v2(stack, "Npmrc", "npmrc")
leads = iam.Role.from_role_name(stack, "Leads", "leads")
rotation = lambda_.Function.from_function_attributes(stack, "Rotation",
    function_arn="arn:aws:lambda:us-east-1:111111111111:function:rotate-registry",
    same_environment=True,
)
reporter = iam.Role.from_role_name(stack, "Reporter", "reporter")


def hook(name):
    return lambda_.Function.from_function_attributes(stack, name,
        function_arn=f"arn:aws:lambda:us-east-1:111111111111:function:{name}",
        role=reporter,
        same_environment=True,
    )


orders = iam.PolicyStatement(
    actions=["sqs:SendMessage"],
    resources=["arn:aws:sqs:us-east-1:111111111111:orders"],
)

connection_arn = "arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d"
login = RegistryCredentials(stack, "Login",
    environment_suffix="shop",
    registry="ghcr.io",
    rotation_function=rotation,
    rotation_interval=Duration.days(14),
)

shop = BlueGreenFargatePipeline(stack, "Shop",
    environment_suffix="shop",
    source=PipelineSource.connection(
        connection_arn=connection_arn, repository="acme/storefront", branch="release/2026"),
    notification_emails=["team@example.com"],
    approver_emails=["leads@example.com", "owners@example.com"],
    vpc=vpc,
    repository=images,
    container_port=3000,
    health_check_path="/healthz",
    build_steps=BuildSteps.image(
        target="runtime",
        build_args={"VERSION": "unknown"},
        build_secrets={"npmrc": npmrc},
        pre_build_commands=["npm ci", "npm test", 'export BUILD_ARG_VERSION="$(cat VERSION)"'],
        post_build_commands=['docker run --rm "$IMAGE_URI" node --check server.js'],
        reports=[BuildReport.junit(["reports/junit.xml"]), BuildReport.clover(["coverage/clover.xml"])],
        cache=BuildCache.registry(repository=layers, tag="shop"),
    ),
    test_steps=BuildSteps.commands(['docker run --rm --volume "$PWD/reports:/reports" "$IMAGE_URI" npm run test:contract'],
        repository=images,
        docker=True,
        cache_paths=["/root/.npm/**/*"],
        reports=[BuildReport.cucumber(["reports/contract.json"])],
    ),
    registry_credentials=RegistryLogin.from_secret(login.secret, registry="ghcr.io"),
    environments=[
        PipelineEnvironment("qa",
            container_environment={"LOG_LEVEL": "debug"},
            traffic_shift=TrafficShift.all_at_once(),
            hooks=DeploymentHooks(
                smoke_test=SmokeTest.http(
                    path="/products", status=206, body="In stock", host="shop.example.com", timeout=Duration.minutes(3)),
            ),
            load_balancer=LoadBalancerOptions(test_listener_cidrs=["203.0.113.0/24", "198.51.100.7/32"]),
            rollback=RollbackOptions(minimum_requests=5),
        ),
        PipelineEnvironment.staging(
            certificate=certificate,
            traffic_shift=TrafficShift.linear(percentage=20, interval=Duration.minutes(2)),
            load_balancer=LoadBalancerOptions(internet_facing=False),
            retiring=RetiringOptions(
                secrets=[ecs.Secret.from_secrets_manager(database, "token")],
                repositories=[images],
                functions=[hook("warn")],
                statements=[orders],
                smoke_test=SmokeTest.http(path="/"),
            ),
        ),
        PipelineEnvironment.production(
            cpu=1024,
            memory_limit_mib=2048,
            task_count=3,
            max_task_count=9,
            container_secrets={"DB_PASSWORD": ecs.Secret.from_secrets_manager(database, "password")},
            traffic_shift=TrafficShift.canary(percentage=25, interval=Duration.minutes(7)),
            approval=Approval.by_email(emails=["cto@example.com"], roles=[leads]),
            hooks=DeploymentHooks(
                before_install=hook("freeze"),
                after_install=hook("warm"),
                after_allow_test_traffic=hook("try"),
                before_allow_traffic=hook("ask"),
                after_allow_traffic=hook("announce"),
            ),
            load_balancer=LoadBalancerOptions(access_logs_bucket=logs_bucket),
            rollback=RollbackOptions(error_rate=2, termination_wait_time=Duration.minutes(30)),
            tasks=TaskOptions(command=["node", "server.js"], policies=[orders], guard_duty_agent=True),
        ),
    ],
    platform=PlatformOptions(cpu_architecture=cpu_architecture, build_image=build_image, bootstrap_image=bootstrap_image),
    storage=StorageOptions(access_logs_bucket=logs_bucket, artifact_expiration=Duration.days(180), artifact_writers=[leads]),
    operator_roles=[leads],
)
latency = shop.deployment("production").load_balancer.metrics.target_response_time().create_alarm(stack, "Latency",
    threshold=1, evaluation_periods=3)
shop.deployment("production").add_rollback_alarm(latency)
shop.alarms.notify_on(latency)

# The constructs on their own, in a pipeline of the user.
artifacts = SecureArtifactBucket(stack, "Artifacts",
    environment_suffix="modules",
    access_logs_bucket=logs_bucket,
    access_logs_prefix="artifacts/",
    expiration=Duration.days(120),
    noncurrent_version_expiration=Duration.days(30),
)
pipeline = codepipeline.Pipeline(stack, "Pipeline",
    artifact_bucket=artifacts.bucket,
    pipeline_type=codepipeline.PipelineType.V2,
)
source = codepipeline.Artifact("Source")
linted = codepipeline.Artifact("Linted")
approved = codepipeline.Artifact("Approved")
deployment = EcsBlueGreenDeployment(stack, "Live",
    environment_suffix="modules",
    environment_name="live",
    repository=images,
    vpc=vpc,
    container_port=9090,
    health_check_path="/up",
    cpu_architecture=cpu_architecture,
    bootstrap_image=bootstrap_image,
    log_retention=logs.RetentionDays.ONE_YEAR,
)
build = CachedBuildProject(stack, "Build",
    environment_suffix="modules",
    steps=BuildSteps.image(
        repository=images,
        dockerfile="Containerfile",
        context="src",
        buildkit_image="public.ecr.aws/acme/buildkit:1",
        registry_credentials=RegistryLogin.from_secret(login.secret, registry="ghcr.io"),
    ),
    build_image=build_image,
    cache_expiration=Duration.days(3),
    environment_variables={
        "FLAVOUR": codebuild.BuildEnvironmentVariable(
            value="/modules/flavour", type=codebuild.BuildEnvironmentVariableType.PARAMETER_STORE),
    },
    log_retention=logs.RetentionDays.THREE_MONTHS,
    timeout=Duration.minutes(20),
    queued_timeout=Duration.minutes(10),
)
probe = CachedBuildProject(stack, "Probe",
    environment_suffix="modules",
    purpose="probe",
    build_image=BuildImage.AMAZON_LINUX_2023_ARM64,
    steps=BuildSteps.probe(
        repository=images,
        port=9090,
        path="/up",
        command=["node", "server.js"],
        environment={"LOG_LEVEL": "debug"},
        startup_time=Duration.minutes(5),
    ),
)
approval = CachedBuildProject(stack, "Approval",
    environment_suffix="modules",
    purpose="approval",
    steps=BuildSteps.release(repository=images, release_settings=deployment.release_settings),
)
lint = CachedBuildProject(stack, "Lint",
    environment_suffix="modules",
    purpose="lint",
    steps=BuildSteps.build_spec(codebuild.BuildSpec.from_source_filename("ci/buildspec.yml"), docker=True, cached=True),
    cache_bucket=build.cache_bucket,
)
gate = ApprovalGate(stack, "Gate",
    environment_suffix="modules",
    environment_name="live",
    approver_emails=["leads@example.com"],
    approver_roles=[leads],
    message="Publish #{Source.CommitId}?",
    timeout=Duration.days(2),
)

pipeline.add_stage(
    stage_name="Source",
    actions=[
        actions.CodeStarConnectionsSourceAction(
            action_name="Code", connection_arn=connection_arn, owner="acme", repo="modules", output=source),
    ],
)
lint.add_to_pipeline(pipeline, stage_name="Lint", input=source, output=linted)
build.add_to_pipeline(pipeline, stage_name="Build", input=source)
image_digest = "#{Build.IMAGE_DIGEST}"
probe.add_to_pipeline(pipeline, stage_name="Probe", input=source, extra_inputs=[linted], image_digest=image_digest)
gate.add_to_pipeline(pipeline)
approval.add_to_pipeline(pipeline,
    stage_name="Approved",
    input=source,
    output=approved,
    image_digest=image_digest,
    environment_variables={"COMMIT": codebuild.BuildEnvironmentVariable(value="#{Source.CommitId}")},
)
deployment.add_to_pipeline(pipeline, release=approved)

environment_alarms = [*deployment.rollback_alarms, *deployment.outage_alarms]
dashboard = PipelineDashboard(stack, "Dashboard",
    environment_suffix="modules",
    pipeline=pipeline,
    projects=[build.project],
    deployments=[DashboardDeployment("live", deployment.stage_name)],
    alarms=environment_alarms,
)
alarms = PipelineAlarms(stack, "Alarms",
    environment_suffix="modules",
    pipeline=pipeline,
    notification_emails=["oncall@example.com"],
    projects=[build.project, probe.project, lint.project, approval.project],
    deployment_groups=[deployment.deployment_group],
    watched_rules=dashboard.rules,
)
for alarm in environment_alarms:
    alarms.notify_on(alarm)
for alarm in alarms.undelivered_alarms:
    dashboard.add_alarm(alarm)

Validations.of(stack).acknowledge(Acknowledgment(
    id="@org/bluegreen-pipeline:EcsBlueGreenDeployment.http",
    reason="this program shows environments without a certificate, too",
))

app.synth()
