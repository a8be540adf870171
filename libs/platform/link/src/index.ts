export { type LinkFault } from './link-fault.ts';
export { type Link, openLink } from './open-link.ts';
