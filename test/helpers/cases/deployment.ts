export const DEPLOYMENT = {};
