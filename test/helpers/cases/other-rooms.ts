export const OTHER_ROOMS = {};
