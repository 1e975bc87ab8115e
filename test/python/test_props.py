"""What a Python program leaves out keeps its default, beside what it sets."""

import pytest
from aws_cdk import App, Duration, Environment, Stack
from aws_cdk.assertions import Match, Template
from org_bluegreen_pipeline import BlueGreenFargatePipeline, PipelineEnvironment, PipelineSource, TrafficShift

ARN = "arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d"


def required():
    return dict(
        environment_suffix="dev",
        source=PipelineSource.connection(connection_arn=ARN, repository="acme/storefront"),
        notification_emails=["team@example.com"],
    )


def template(**props):
    stack = Stack(App(), "Storefront", env=Environment(region="us-east-1"))
    BlueGreenFargatePipeline(stack, "P", **{**required(), **props})
    return Template.from_stack(stack)


def test_the_default_environments_are_those_of_the_factories():
    named = template(environments=[PipelineEnvironment.staging(), PipelineEnvironment("production")])

    assert named.to_json() == template().to_json()
    named.has_resource_properties("AWS::ECS::Service", {"ServiceName": "service-production-dev", "DesiredCount": 2})
    named.has_resource_properties("AWS::CodeDeploy::DeploymentGroup", {
        "DeploymentGroupName": "deployment-group-production-dev",
        "DeploymentConfigName": "CodeDeployDefault.ECSCanary10Percent5Minutes",
    })


def test_a_prop_of_one_environment_leaves_the_other_defaults_alone():
    changed = template(environments=[
        PipelineEnvironment("production", cpu=512, memory_limit_mib=1024,
            traffic_shift=TrafficShift.linear(percentage=20, interval=Duration.minutes(3))),
    ])

    changed.has_resource_properties("AWS::ECS::Service", {"ServiceName": "service-production-dev", "DesiredCount": 2})
    changed.has_resource_properties("AWS::CodeDeploy::DeploymentConfig", {
        "TrafficRoutingConfig": {"TimeBasedLinear": {"LinearInterval": 3, "LinearPercentage": 20}, "Type": "TimeBasedLinear"},
    })
    changed.has_resource_properties("AWS::ECS::TaskDefinition", {"Cpu": "512", "Memory": "1024"})


def test_the_maps_of_environments_are_dicts(stack):
    pipeline = BlueGreenFargatePipeline(stack, "P", **required())
    topic = pipeline.alarms.topic

    assert list(pipeline.deployments) == ["staging", "production"]
    assert pipeline.approvals["production"].stage_name == "ApproveProduction"
    assert pipeline.deployment("staging").stage_name == "DeployStaging"
    with pytest.raises(RuntimeError, match='use one of "staging", "production"'):
        pipeline.approval("prod")
    topic.grant_publish(pipeline.deployments["production"].task_role)
    Template.from_stack(stack).has_resource_properties("AWS::IAM::Policy", {
        "PolicyDocument": Match.object_like({"Statement": [Match.object_like({"Action": "sns:Publish"})]}),
    })


@pytest.mark.parametrize("name", ["environmentSuffix", "environment_sufix"])
def test_a_name_that_does_not_exist_is_refused(stack, name):
    with pytest.raises(TypeError, match=name):
        BlueGreenFargatePipeline(stack, "P", **{**required(), name: "dev"})


@pytest.mark.parametrize("environment", [{"name": "internal", "public_load_balancer": False}, {"name": "internal"}])
def test_a_dict_in_the_list_of_environments_is_refused(stack, environment):
    with pytest.raises((RuntimeError, TypeError), match="PipelineEnvironment"):
        BlueGreenFargatePipeline(stack, "P", **required(), environments=[environment])


def test_an_unknown_option_of_an_environment_is_refused():
    with pytest.raises(TypeError, match="task_cuont"):
        PipelineEnvironment("production", task_cuont=3)
    with pytest.raises(TypeError, match="internet_faceing"):
        PipelineEnvironment("production", load_balancer={"internet_faceing": False})


def test_a_group_of_options_may_be_a_dict(stack):
    BlueGreenFargatePipeline(stack, "P", **required(), environments=[
        PipelineEnvironment("internal", load_balancer={"internet_facing": False}),
    ])

    Template.from_stack(stack).has_resource_properties("AWS::ElasticLoadBalancingV2::LoadBalancer", {"Scheme": "internal"})
