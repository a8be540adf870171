export { openProcess } from './open-process.ts';
export { openService } from './open-service.ts';
