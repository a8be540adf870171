export { openService } from './open-service.ts';
