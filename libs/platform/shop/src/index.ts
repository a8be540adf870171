export { createShopTopics } from './create-shop-topics.ts';
export { DEFAULT_WORLD } from './default-world.ts';
export { migrationsOf } from './migrations-of.ts';
export { isStocked, stockDatabase } from './stock-database.ts';
export type { World } from './world.ts';
