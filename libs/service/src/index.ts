export { openProcess } from './open-process.ts';
export { openService, type Service } from './open-service.ts';
