/** A declared path pattern and its methods. */
export interface KnownRoute {
  pattern: string;
  methods: string[];
}

export interface RouteTable {
  /**
   * The declared pattern of a path, such as `/orders/:id`. Named after patterns, spans have few
   * names.
   */
  patternOf(method: string, path: string): string | undefined;
  /** The methods of a path, with HEAD for GET; empty for an unknown path. */
  methodsOf(path: string): string[];
}

/**
 * Finds declared routes by path. Patterns consist of literals and `:parameters`.
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
  // Express ignores case, and a slash at the end.
  return new RegExp(`^${segments.join('/')}/?$`, 'i');
}
