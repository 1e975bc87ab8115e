export const SOURCE = {};
