declare module 'class-transformer/cjs/storage.js' {
  export { MetadataStorage } from 'class-transformer/types/MetadataStorage';
  import type { MetadataStorage } from 'class-transformer/types/MetadataStorage';
  export const defaultMetadataStorage: MetadataStorage;
}
