import { CfnResource, Stack } from 'aws-cdk-lib';

/** The properties of a resource as they will stand in the template: escape hatches of the user's included. */
export function renderedProperties(resource: CfnResource): { [name: string]: unknown } {
  // Marked internal, so not in the type; the one way to see overrides.
  const renderable = resource as unknown as { _toCloudFormation(): object };
  const { Resources } = Stack.of(resource).resolve(renderable._toCloudFormation()) as
    { Resources: { [id: string]: { Properties: { [name: string]: unknown } } } };
  return Object.values(Resources)[0].Properties;
}
