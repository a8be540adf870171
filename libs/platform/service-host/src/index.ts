export { chaosRoutes } from './chaos-routes.ts';
export { measure } from './metrics/measure.ts';
export { openEdge } from './open-edge.ts';
export { openProcess } from './open-process.ts';
export { openService, type Service } from './open-service.ts';
export { throughLinks } from './through-links.ts';
