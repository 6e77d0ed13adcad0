/** The texts of the export, which load later. */
export const exportTexts = {
  'export.all': 'The whole log of this webhook, the newest first, up to {most} deliveries.',
  'export.filtered': 'What the filters show of this webhook, the newest first, up to {most} deliveries.',
  'export.payloads': 'With payloads',
  'export.payloads.hint': 'Up to {most} deliveries and 50 MB. Takes longer.',
  'export.cut': 'The payloads of more would be too long for one file.',
  'export.so-far': { one: '{count} delivery so far…', other: '{count} deliveries so far…' },
  'export.done': { one: '{count} delivery exported.', other: '{count} deliveries exported.' },
} as const satisfies Readonly<Record<string, string | { readonly one: string; readonly other: string }>>;
