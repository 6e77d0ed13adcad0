/** The kinds of data that can be exported and imported. */
export const RESOURCES = ['posts', 'followers'] as const;
export type Resource = (typeof RESOURCES)[number];

export const EXPORT_FORMATS = ['csv', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
