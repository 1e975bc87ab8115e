"""A small web service with its whole road to production in us-east-1."""

from aws_cdk import App, Environment, Stack
from org_bluegreen_pipeline import BlueGreenFargatePipeline, PipelineEnvironment, PipelineSource, TrafficShift

from required_context import required_context

app = App()
context = required_context(app)

# The region alone: with an account as well, CDK would look up the zones of the network and need credentials to synthesise.
stack = Stack(app, f"storefront-{context['environmentSuffix']}",
    env=Environment(region="us-east-1"),
    description="The storefront and its road from a push to production",
)

BlueGreenFargatePipeline(stack, "Pipeline",
    environment_suffix=context["environmentSuffix"],
    source=PipelineSource.connection(connection_arn=context["connectionArn"], repository=context["repository"]),
    notification_emails=[context["notificationEmail"]],
    # The service lives beside this file; a repository of its own would need neither of these two lines.
    dockerfile="examples/python/service/Dockerfile",
    build_context="examples/python/service",
    health_check_path="/healthz",
    environments=[
        PipelineEnvironment(
            name="staging",
            traffic_shift=TrafficShift.all_at_once(),
            container_environment={"ENVIRONMENT_NAME": "staging"},
        ),
        PipelineEnvironment(
            name="production",
            task_count=2,
            max_task_count=6,
            container_environment={"ENVIRONMENT_NAME": "production"},
        ),
    ],
)

app.synth()
