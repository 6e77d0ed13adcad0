import type { DataSource } from 'typeorm';

type Work = () => Promise<unknown>;

const works = new WeakMap<DataSource, Set<Work>>();

/**
 * Runs `work` to its end before the data source is closed, by anybody. Nest’s shutdown hooks don’t suffice: their
 * order differs between versions. The returned function undoes this.
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
