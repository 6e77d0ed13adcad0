export const PAUSE_SCOPES = ['all', 'tenant', 'endpoint'] as const;
export type PauseScope = (typeof PAUSE_SCOPES)[number];

/** What is paused. `tenant` and `endpointId` are `''` if the scope has none. */
export interface PausedTarget {
  readonly scope: PauseScope;
  readonly tenant: string;
  readonly endpointId: string;
}

const keyOf = ({ scope, tenant, endpointId }: PausedTarget): string =>
  JSON.stringify([scope, tenant, endpointId]);

/** The pauses as they were read. */
export class Pauses {
  readonly coversAll: boolean;
  readonly isEmpty: boolean;
  private readonly tenants = new Set<string>();
  private readonly endpoints = new Set<string>();
  private readonly keys: ReadonlySet<string>;

  constructor(targets: readonly PausedTarget[]) {
    this.isEmpty = targets.length === 0;
    this.coversAll = targets.some(({ scope }) => scope === 'all');
    for (const { scope, tenant, endpointId } of targets) {
      if (scope === 'tenant') this.tenants.add(tenant);
      else if (scope === 'endpoint') this.endpoints.add(endpointId);
    }
    this.keys = new Set(targets.map(keyOf));
  }

  covers({ tenant, endpointId }: { readonly tenant: string; readonly endpointId: string }): boolean {
    if (this.isEmpty) return false;
    return this.coversAll || this.tenants.has(tenant) || this.endpoints.has(endpointId);
  }

  /** Whether everything in `before` is still paused. */
  hasAllOf(before: Pauses): boolean {
    return [...before.keys].every((key) => this.keys.has(key));
  }
}

export const NO_PAUSES = new Pauses([]);
