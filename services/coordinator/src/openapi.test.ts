import { openApiOf } from '@indoubt/http';
import { chaosRoutes } from '@indoubt/service-host';
import { coordinatorRoutes, type createCoordinator } from '@indoubt/two-phase-commit';
import { expect, test } from 'vitest';

// These objects are never called: the routes are only declared.
const coordinator = {} as ReturnType<typeof createCoordinator>;
const never = () => false;
const control = { process: 'coordinator', hasLinks: true };

test('docs/openapi/coordinator.json matches the declared routes', async () => {
  const routes = [...coordinatorRoutes(coordinator, never, never), ...chaosRoutes(control)];
  const text = `${JSON.stringify(openApiOf('coordinator', routes), null, 2)}\n`;
  const file = '../../../docs/openapi/coordinator.json';
  await expect(text, 'the file is outdated. Next: npm run openapi').toMatchFileSnapshot(file);
});
