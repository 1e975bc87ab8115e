"""A small web service with its complete pipeline to production in us-east-1."""

from aws_cdk import App, Environment, Stack
from org_bluegreen_pipeline import BlueGreenFargatePipeline, BuildSteps, PipelineEnvironment, PipelineSource

from required_context import required_context

app = App()
context = required_context(app)

# The region alone: with an account as well, CDK would look up the zones of the network and need credentials to synthesise.
stack = Stack(app, f"storefront-{context['environmentSuffix']}",
    env=Environment(region="us-east-1"),
    description="The storefront and its pipeline from a push to production",
)

BlueGreenFargatePipeline(stack, "Pipeline",
    environment_suffix=context["environmentSuffix"],
    source=PipelineSource.connection(connection_arn=context["connectionArn"], repository=context["repository"]),
    notification_emails=[context["notificationEmail"]],
    # The service lives beside this file; a repository of its own would not need these steps.
    build_steps=BuildSteps.image(
        dockerfile="examples/python/service/Dockerfile",
        context="examples/python/service",
    ),
    health_check_path="/healthz",
    environments=[
        PipelineEnvironment.staging(
            container_environment={"ENVIRONMENT_NAME": "staging"},
        ),
        PipelineEnvironment.production(
            max_task_count=6,
            container_environment={"ENVIRONMENT_NAME": "production"},
        ),
    ],
)

app.synth()
