import type { DataSource } from 'typeorm';

type Work = () => Promise<unknown>;

const works = new WeakMap<DataSource, Set<Work>>();

/**
 * Runs `work` to its end before the data source is closed, whoever closes it: the order in which Nest calls the hooks
 * of modules differs between versions. The returned function undoes this.
 */
export function beforeDestroy(dataSource: DataSource, work: Work): () => void {
  const ofSource = works.get(dataSource) ?? awaited(dataSource);
  ofSource.add(work);
  return () => void ofSource.delete(work);
}

function awaited(dataSource: DataSource): Set<Work> {
  const ofSource = new Set<Work>();
  works.set(dataSource, ofSource);
  const destroy = dataSource.destroy.bind(dataSource);
  dataSource.destroy = async () => {
    await Promise.allSettled([...ofSource].map((work) => work()));
    await destroy();
  };
  return ofSource;
}
