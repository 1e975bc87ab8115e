"""How Python passes props and reads members: dicts and keywords in place of object literals."""

import pytest
from aws_cdk.assertions import Template
from org_bluegreen_pipeline import BlueGreenFargatePipeline, PipelineEnvironment, PipelineSource

REQUIRED = dict(
    environment_suffix="dev",
    source=PipelineSource.connection(
        connection_arn="arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d",
        repository="acme/storefront"),
    notification_emails=["team@example.com"],
)


def test_the_maps_of_environments_are_dicts(stack):
    pipeline = BlueGreenFargatePipeline(stack, "P", **REQUIRED)

    assert list(pipeline.deployments) == ["staging", "production"]
    assert pipeline.approvals["production"].stage_name == "ApproveProduction"
    assert pipeline.deployment("staging").stage_name == "DeployStaging"
    with pytest.raises(RuntimeError, match='use one of "staging", "production"'):
        pipeline.approval("prod")


def test_a_name_that_does_not_exist_is_refused(stack):
    with pytest.raises(TypeError, match="environment_sufix"):
        BlueGreenFargatePipeline(stack, "P", **REQUIRED, environment_sufix="dev")
    with pytest.raises(TypeError, match="task_cuont"):
        PipelineEnvironment("production", task_cuont=3)
    with pytest.raises(TypeError, match="internet_faceing"):
        PipelineEnvironment("production", load_balancer={"internet_faceing": False})


def test_a_group_of_options_may_be_a_dict(stack):
    BlueGreenFargatePipeline(stack, "P", **REQUIRED, environments=[
        PipelineEnvironment("internal", load_balancer={"internet_facing": False}),
    ])

    Template.from_stack(stack).has_resource_properties("AWS::ElasticLoadBalancingV2::LoadBalancer", {"Scheme": "internal"})
