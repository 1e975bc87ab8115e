export const BUILD = {};
