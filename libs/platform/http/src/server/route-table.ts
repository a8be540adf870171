/** A route as it was declared, and the methods it answers. */
export interface KnownRoute {
  pattern: string;
  methods: string[];
}

export interface RouteTable {
  /** The declared pattern of a path, as `/orders/:id`: the low-cardinality name of its span. */
  patternOf(method: string, path: string): string | undefined;
  /** The methods a path answers, HEAD included with GET; empty for an unknown path. */
  methodsOf(path: string): string[];
}

/**
 * Declared routes, looked up by path. Knows literals and `:parameters`, which is all our routes
 * are.
 */
export function routeTable(routes: readonly KnownRoute[]): RouteTable {
  const compiled = routes.map(({ pattern, methods }) => ({
    pattern,
    matches: expressionOf(pattern),
    methods: methods.includes('GET') ? [...methods, 'HEAD'] : methods,
  }));
  const at = (path: string) => compiled.filter(({ matches }) => matches.test(path));
  return {
    patternOf(method, path) {
      const found = at(path);
      return (found.find(({ methods }) => methods.includes(method)) ?? found[0])?.pattern;
    },
    methodsOf: (path) => [...new Set(at(path).flatMap(({ methods }) => methods))],
  };
}

const SPECIAL = /[.*+?^${}()|[\]\\]/g;

function expressionOf(pattern: string): RegExp {
  const segments = pattern
    .split('/')
    .map((segment) => (segment.startsWith(':') ? '[^/]+' : segment.replaceAll(SPECIAL, '\\$&')));
  // As express reads paths: any case, and a slash at the end or not.
  return new RegExp(`^${segments.join('/')}/?$`, 'i');
}
