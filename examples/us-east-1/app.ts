import { App } from 'aws-cdk-lib';
import { requiredContext } from './required-context';
import { StorefrontStack } from './storefront-stack';

const app = new App();
new StorefrontStack(app, requiredContext(app));
